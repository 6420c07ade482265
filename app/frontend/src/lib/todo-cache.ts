import type { Query, QueryClient } from "@tanstack/react-query";
import type { Todo, UpdateTodo } from "@/schemas/todo";
import type { TodoQuery } from "@/types/filter";
import { dropTodo, findTodo, placeTodo, type TodoPages } from "@/utils/todo-pages";

const LISTS = ["todos", "list"] as const;

export const todoKeys = {
  all: ["todos"] as const,
  lists: LISTS,
  list: (query: TodoQuery) => [...LISTS, query] as const,
  create: ["todos", "create"] as const,
  update: ["todos", "update"] as const,
  remove: ["todos", "remove"] as const,
};

export type TodoChange = { id: number; changes: UpdateTodo };

type ListQuery = Query<TodoPages, Error, TodoPages, ReturnType<typeof todoKeys.list>>;

function lists(client: QueryClient): ListQuery[] {
  return client.getQueryCache().findAll({ queryKey: LISTS }) as unknown as ListQuery[];
}

/** Puts a todo into, within or out of every list that is loaded. */
export function placeInLists(client: QueryClient, todo: Todo): void {
  for (const { queryKey } of lists(client))
    client.setQueryData<TodoPages>(
      queryKey,
      (pages) => pages && placeTodo(pages, queryKey[2], todo),
    );
}

/** The same for what the server says, which may be older than what a list has. */
export function placeNewer(client: QueryClient, todo: Todo): void {
  const known = findInLists(client, todo.id);
  const newest = known && known.version > todo.version ? known : todo;
  for (const { queryKey } of lists(client))
    client.setQueryData<TodoPages>(queryKey, (pages) => {
      const present = pages && findTodo(pages, todo.id);
      if (!pages || (present && present.version >= newest.version)) return pages;
      return placeTodo(pages, queryKey[2], newest);
    });
}

export function dropFromLists(client: QueryClient, id: number): void {
  client.setQueriesData<TodoPages>({ queryKey: LISTS }, (pages) => pages && dropTodo(pages, id));
}

/** The newest version of a todo that any list has. */
export function findInLists(client: QueryClient, id: number): Todo | undefined {
  let newest: Todo | undefined;
  for (const { state } of lists(client)) {
    const found = state.data && findTodo(state.data, id);
    if (found && found.version > (newest?.version ?? -1)) newest = found;
  }
  return newest;
}

/** A todo as the server saved it, under the changes that it has not saved yet. */
export function withPending(client: QueryClient, saved: Todo): Todo {
  const pending = client
    .getMutationCache()
    .findAll({ mutationKey: todoKeys.update, status: "pending" })
    .map(({ state }) => state.variables as TodoChange)
    .filter(({ id }) => id === saved.id);
  // The first one is what has just been saved.
  return Object.assign({}, saved, ...pending.slice(1).map(({ changes }) => changes));
}

const ownVersions = new WeakMap<QueryClient, Map<number, number>>();

function ownOf(client: QueryClient): Map<number, number> {
  const own = ownVersions.get(client) ?? new Map<number, number>();
  ownVersions.set(client, own);
  return own;
}

/** Remembers that a version was made here, so that the next change is no conflict with it. */
export function noteOwnVersion(client: QueryClient, { id, version }: Todo): void {
  ownOf(client).set(id, version);
}

/** Databases may give the id of a deleted todo to a new one, whose versions begin again. */
export function forgetOwnVersion(client: QueryClient, id: number): void {
  ownOf(client).delete(id);
}

/** The version that a change is based on: what was shown, or what own changes made of it since. */
export function baseVersion(client: QueryClient, id: number, shown: number): number {
  return Math.max(shown, ownOf(client).get(id) ?? 0);
}

/** Whether somebody is taking this todo out at this moment. */
export function isBeingRemoved(client: QueryClient, id: number): boolean {
  const mutations = client.getMutationCache();
  const pending = mutations.findAll({ mutationKey: todoKeys.remove, status: "pending" });
  return pending.some(({ state }) => (state.variables as Todo).id === id);
}
