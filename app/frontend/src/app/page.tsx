import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { Suspense } from "react";
import { Shell } from "@/components/features/Shell";
import { LiveStatus } from "@/components/features/LiveStatus";
import { ShortcutsHelp } from "@/components/features/ShortcutsHelp";
import { TodoList } from "@/components/features/TodoList";
import { TodosPlaceholder } from "@/components/features/TodosPlaceholder";
import { UserMenu } from "@/components/features/UserMenu";
import { settledWithin } from "@/lib/settled-within";
import { texts } from "@/lib/texts";
import { loadHome } from "@/services/home";
import type { HomeData } from "@/services/types";
import { readTodoQuery } from "@/utils/todo-query";

export const metadata: Metadata = { title: texts.todos.page };

/** A backend as quick as usual gives one complete page; a slower one must not leave it blank. */
const QUICK_MS = 200;

type HomePageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function HomePage({ searchParams }: HomePageProps) {
  const given = await searchParams;
  const query = readTodoQuery({ get: (name) => [given[name]].flat()[0] ?? null });
  const loading = loadHome(await cookies(), query);
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
    <Shell menu={<UserMenu initialUser={user} />} help={<ShortcutsHelp />} live={<LiveStatus />}>
      <TodoList initialTodos={todos} />
    </Shell>
  );
}
