import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { Shell } from "@/components/features/Shell";
import { ShortcutsHelp } from "@/components/features/ShortcutsHelp";
import { TodoList } from "@/components/features/TodoList";
import { UserMenu } from "@/components/features/UserMenu";
import { texts } from "@/lib/texts";
import { loadHome } from "@/services/home";

export const metadata: Metadata = { title: texts.todos.page };

export default async function HomePage() {
  const home = await loadHome(await cookies());
  if (!home) redirect("/login");
  return (
    <Shell menu={<UserMenu initialUser={home.user} />} help={<ShortcutsHelp />}>
      <TodoList initialTodos={home.todos} />
    </Shell>
  );
}
