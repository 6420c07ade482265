import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, isConflict, isGone, NO_ANSWER } from "@/lib/api-error";
import {
  baseVersion,
  dropFromLists,
  findInLists,
  forgetOwnVersion,
  isBeingRemoved,
  noteOwnVersion,
  placeInLists,
  placeNewer,
  todoKeys,
  withPending,
  type TodoChange,
} from "@/lib/todo-cache";
import type { CreateTodo, Todo, TodoPage } from "@/services/types";
import type { TodoQuery } from "@/types/filter";
import { flatten, totalOf } from "@/utils/todo-pages";
import { writeTodoQuery } from "@/utils/todo-query";

// Late, like every service: requests and the checks of their answers are no part of first paint.
const service = () => import("@/services/api");

/** One after the other, so that each is based on what the one before it made. */
const IN_TURN = { id: "todos" };
const RETRIES = 2;

/** The list of a query; the first page of the query at first may come from the server's render. */
export function useTodos(query: TodoQuery, initial?: TodoPage) {
  const [first] = useState(() => ({ address: writeTodoQuery(query), at: Date.now() }));
  const isFirst = first.address === writeTodoQuery(query);
  const result = useInfiniteQuery({
    queryKey: todoKeys.list(query),
    queryFn: async ({ pageParam }) => (await service()).getTodos(query, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    initialData: isFirst && initial ? { pages: [initial], pageParams: [null] } : undefined,
    initialDataUpdatedAt: first.at,
  });
  const { data } = result;
  return { ...result, todos: data && flatten(data), total: data ? totalOf(data) : 0 };
}

/** A todo before the server has it: an id below zero, and the key that names its creation. */
export type NewTodo = { todo: CreateTodo; key: string; draft: Todo };

/** Shows a new todo at once, and takes it out again when the server refuses it. */
export function useCreateTodo() {
  const client = useQueryClient();
  return useMutation({
    mutationKey: todoKeys.create,
    mutationFn: async ({ todo, key }: NewTodo) => (await service()).createTodo(todo, key),
    // With the same key a second attempt creates no second todo.
    retry: (failures, error) => failures < RETRIES && isOutage(error),
    onMutate: async ({ draft }) => {
      const interrupted = await interrupt(client);
      placeInLists(client, draft);
      return interrupted;
    },
    onSuccess: (todo, { draft }) => {
      dropFromLists(client, draft.id);
      forgetOwnVersion(client, todo.id);
      placeNewer(client, todo);
    },
    onError: (_error, { draft }) => dropFromLists(client, draft.id),
    onSettled: (_todo, error, _new, interrupted) => settle(client, error, interrupted),
  });
}

/**
 * Shows a change at once. With a version, it is refused when the todo has another
 * one by now; without, it holds for whatever the todo has become.
 */
export function useUpdateTodo() {
  const client = useQueryClient();
  return useMutation({
    mutationKey: todoKeys.update,
    scope: IN_TURN,
    mutationFn: async ({ id, changes, version }: TodoChange & { version?: number }) => {
      const { getTodo, updateTodo } = await service();
      const shown = version ?? findInLists(client, id)?.version ?? 0;
      try {
        const saved = await updateTodo(id, changes, baseVersion(client, id, shown));
        noteOwnVersion(client, saved);
        return saved;
      } catch (error) {
        if (!isConflict(error) || version !== undefined) throw error;
        return updateTodo(id, changes, (await getTodo(id)).version);
      }
    },
    onMutate: async ({ id, changes }) => {
      const interrupted = await interrupt(client);
      const before = findInLists(client, id);
      if (before) placeInLists(client, { ...before, ...changes });
      return { ...interrupted, before };
    },
    onError: (error, { id }, context) => {
      if (isGone(error)) dropFromLists(client, id);
      else if (context?.before) placeInLists(client, context.before);
    },
    onSuccess: (saved) => {
      if (!isBeingRemoved(client, saved.id)) placeInLists(client, withPending(client, saved));
    },
    onSettled: (_todo, error, _change, interrupted) => settle(client, error, interrupted),
  });
}

export function useDeleteTodo() {
  const client = useQueryClient();
  return useMutation({
    mutationKey: todoKeys.remove,
    scope: IN_TURN,
    mutationFn: async (todo: Todo) => {
      const { deleteTodo } = await service();
      await deleteTodo(todo.id, baseVersion(client, todo.id, todo.version)).catch(
        (error: unknown) => {
          if (!isGone(error)) throw error;
        },
      );
    },
    onMutate: async (todo) => {
      const interrupted = await interrupt(client);
      dropFromLists(client, todo.id);
      return interrupted;
    },
    onSuccess: (_nothing, { id }) => forgetOwnVersion(client, id),
    onError: (_error, todo) => placeInLists(client, todo),
    onSettled: (_nothing, error, _todo, interrupted) => settle(client, error, interrupted),
  });
}

/** The todo as the server has it now, in every list. */
export function useFreshTodo() {
  const client = useQueryClient();
  return async (id: number): Promise<Todo> => {
    const todo = await (await service()).getTodo(id);
    placeNewer(client, todo);
    return todo;
  };
}

function isOutage(error: Error): boolean {
  return error instanceof ApiError && (error.status === NO_ANSWER || error.status >= 500);
}

type Interrupted = { interrupted: boolean };

/** An answer on its way knows nothing of the change that is about to be shown. */
async function interrupt(client: QueryClient): Promise<Interrupted> {
  const interrupted = client.isFetching({ queryKey: todoKeys.lists }) > 0;
  await client.cancelQueries({ queryKey: todoKeys.lists });
  return { interrupted };
}

/**
 * The lists show what the server answered; they are asked for again only where
 * that is not all. Of several changes the last one does it: an answer to an
 * earlier one would undo the later ones. Nobody waits for it.
 */
function settle(client: QueryClient, error: Error | null, context?: Interrupted): void {
  if (client.isMutating({ mutationKey: todoKeys.all }) > 1) return;
  const isDue = Boolean(error ?? context?.interrupted);
  void client.invalidateQueries({
    queryKey: todoKeys.lists,
    refetchType: isDue ? "active" : "none",
  });
}
