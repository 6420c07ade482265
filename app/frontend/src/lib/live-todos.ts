import type { QueryCacheNotifyEvent, QueryClient } from "@tanstack/react-query";
import type { StreamEvent } from "@/schemas/event";
import type { Todo } from "@/schemas/todo";
import {
  dropFromLists,
  forgetOwnVersion,
  placeNewer,
  todoKeys,
  type TodoChange,
} from "./todo-cache";

type TodoEvent = Extract<StreamEvent, { name: `todo.${string}` }>;

/** More than come while one list is asked for. */
const REMEMBERED = 500;

/** Keeps the lists in a cache in step with the events of the stream. */
export function followTodos(client: QueryClient) {
  let count = 0;
  let recent: { at: number; event: TodoEvent }[] = [];
  let held: TodoEvent[] = [];
  const gone = new Set<number>();
  const fetches = new Map<string, number>();

  function take(event: TodoEvent): void {
    recent = [...recent.slice(1 - REMEMBERED), { at: (count += 1), event }];
    // In order: what is held for a todo comes before what follows for it.
    if (isHeld(client, event) || held.some(({ data }) => data.id === event.data.id))
      held.push(event);
    else apply(event);
  }

  function apply({ name, data }: TodoEvent): void {
    if (name === "todo.deleted") {
      gone.add(data.id);
      forgetOwnVersion(client, data.id);
      dropFromLists(client, data.id);
      return;
    }
    if (name === "todo.created") {
      if (gone.delete(data.id)) forgetOwnVersion(client, data.id);
    } else if (gone.has(data.id)) {
      return;
    }
    placeNewer(client, data);
  }

  /** A fetched list may be older than events that came while it was on its way. */
  function onQuery({ query, type, ...rest }: QueryCacheNotifyEvent): void {
    if (type !== "updated" || query.queryKey[1] !== todoKeys.lists[1]) return;
    const { action } = rest as { action: { type: string; manual?: boolean } };
    if (action.type === "fetch") {
      fetches.set(query.queryHash, count);
    } else if (action.type === "success" && !action.manual) {
      const since = fetches.get(query.queryHash) ?? count;
      fetches.delete(query.queryHash);
      const missed = recent.filter(({ at }) => at > since).map(({ event }) => event);
      // Not within the notification about the data that this changes.
      if (missed.length > 0) queueMicrotask(() => missed.forEach(take));
    }
  }

  const unsubscribe = [
    client.getQueryCache().subscribe(onQuery),
    client.getMutationCache().subscribe(({ type, mutation }) => {
      const status = mutation?.state.status;
      if (type !== "updated" || (status !== "success" && status !== "error")) return;
      const waiting = held;
      held = [];
      waiting.forEach(take);
    }),
  ];

  return {
    take,
    /** After changes that no event tells of. */
    refetch: () => void client.invalidateQueries({ queryKey: todoKeys.lists }),
    stop: () => unsubscribe.forEach((each) => each()),
  };
}

/** Whether an own change to this todo is on its way: it would be undone, and come back. */
function isHeld(client: QueryClient, { name, data }: TodoEvent): boolean {
  const pending = (mutationKey: readonly string[]) =>
    client.getMutationCache().findAll({ mutationKey, status: "pending" });
  return (
    // Which of them is the one that is being created here, only its answer tells.
    (name === "todo.created" && pending(todoKeys.create).length > 0) ||
    pending(todoKeys.update).some(({ state }) => (state.variables as TodoChange).id === data.id) ||
    pending(todoKeys.remove).some(({ state }) => (state.variables as Todo).id === data.id)
  );
}
