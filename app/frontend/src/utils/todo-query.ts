import { QUERY_MAX } from "@/lib/limits";
import type { Todo } from "@/schemas/todo";
import { TODO_FILTERS, TODO_SORTS, type TodoQuery, type TodoSort } from "@/types/filter";

type Params = { get(name: string): string | null };

/** Reads a list's query from an address; what it does not understand is left at its default. */
export function readTodoQuery(params: Params): TodoQuery {
  return {
    q: (params.get("q") ?? "").trim().slice(0, QUERY_MAX),
    show: TODO_FILTERS.find((each) => each === params.get("show")) ?? "all",
    sort: TODO_SORTS.find((each) => each === params.get("sort")) ?? "newest",
  };
}

/** Writes it as an address has it, defaults left out: "" or "?…". */
export function writeTodoQuery({ q, show, sort }: TodoQuery): string {
  const params = new URLSearchParams();
  if (q) params.set("q", q);
  if (show !== "all") params.set("show", show);
  if (sort !== "newest") params.set("sort", sort);
  return params.size > 0 ? `?${params}` : "";
}

/** Whether the server would list a todo under this query. */
export function matchesQuery({ title, description, completed }: Todo, query: TodoQuery): boolean {
  if (query.show !== "all" && completed !== (query.show === "done")) return false;
  const needle = query.q.toLowerCase();
  return [title, description ?? ""].some((text) => text.toLowerCase().includes(needle));
}

const ORDERS: Record<TodoSort, (a: Todo, b: Todo) => number> = {
  newest: (a, b) => age(b.id) - age(a.id),
  oldest: (a, b) => age(a.id) - age(b.id),
  priority: (a, b) => b.priority - a.priority || age(b.id) - age(a.id),
  // By code points. A database may collate otherwise; the next answer of the server puts it right.
  title: (a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : age(a.id) - age(b.id)),
};

export function orderOf(sort: TodoSort): (a: Todo, b: Todo) => number {
  return ORDERS[sort];
}

/** A todo without an id of the server yet, which has a negative one, is the newest of all. */
function age(id: number): number {
  return id < 0 ? Number.MAX_SAFE_INTEGER / 2 - id : id;
}
