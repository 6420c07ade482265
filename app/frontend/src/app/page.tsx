import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { Suspense } from "react";
import { Shell } from "@/components/features/Shell";
import { ShortcutsHelp } from "@/components/features/ShortcutsHelp";
import { TodoList } from "@/components/features/TodoList";
import { TodosPlaceholder } from "@/components/features/TodosPlaceholder";
import { UserMenu } from "@/components/features/UserMenu";
import { settledWithin } from "@/lib/settled-within";
import { texts } from "@/lib/texts";
import { loadHome } from "@/services/home";
import type { HomeData } from "@/services/types";

export const metadata: Metadata = { title: texts.todos.page };

/** A backend as quick as usual gives one complete page; a slower one must not leave it blank. */
const QUICK_MS = 200;

export default async function HomePage() {
  const loading = loadHome(await cookies());
  const home = await settledWithin(QUICK_MS, loading);
  if (home === null) redirect("/login");
  if (home) return <Home {...home} />;
  return (
    <Suspense fallback={<TodosPlaceholder />}>
      <LateHome loading={loading} />
    </Suspense>
  );
}

async function LateHome({ loading }: { loading: Promise<HomeData | null> }) {
  const home = await loading;
  if (!home) redirect("/login");
  return <Home {...home} />;
}

function Home({ user, todos }: HomeData) {
  return (
    <Shell menu={<UserMenu initialUser={user} />} help={<ShortcutsHelp />}>
      <TodoList initialTodos={todos} />
    </Shell>
  );
}
