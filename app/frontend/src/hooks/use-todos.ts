import {
  useInfiniteQuery,
  useMutation,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import type { CreateTodo, Todo, TodoPage, UpdateTodo } from "@/services/types";
import { flatten, insertTodo, removeTodo, replaceTodo, type TodoPages } from "@/utils/todo-pages";

// Late, like every service: requests and the checks of their answers are no part of first paint.
const service = () => import("@/services/api");

export const TODOS_KEY = ["todos"] as const;

export function useTodos(initial?: TodoPage) {
  const query = useInfiniteQuery({
    queryKey: TODOS_KEY,
    queryFn: async ({ pageParam }) => (await service()).getTodos(pageParam),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((sum, page) => sum + page.items.length, 0);
      return last.items.length > 0 && loaded < last.total ? loaded : undefined;
    },
    initialData: initial && { pages: [initial], pageParams: [0] },
  });
  const todos = query.data && flatten(query.data);
  return { ...query, todos, total: query.data?.pages.at(-1)?.total ?? 0 };
}

export function useCreateTodo() {
  const client = useQueryClient();
  return useMutation({
    mutationKey: TODOS_KEY,
    mutationFn: async (todo: CreateTodo) => (await service()).createTodo(todo),
    onSuccess: (todo) => patchCache(client, (pages) => insertTodo(pages, todo)),
    onSettled: () => refetchWhenQuiet(client),
  });
}

/** Shows the change at once and takes back that one change if the server refuses it. */
export function useUpdateTodo() {
  const client = useQueryClient();
  return useMutation({
    mutationKey: TODOS_KEY,
    mutationFn: async ({ id, changes }: { id: number; changes: UpdateTodo }) =>
      (await service()).updateTodo(id, changes),
    onMutate: async ({ id, changes }) => {
      await client.cancelQueries({ queryKey: TODOS_KEY });
      const before = findTodo(client, id);
      patchCache(client, (pages) => replaceTodo(pages, id, (todo) => ({ ...todo, ...changes })));
      return { before };
    },
    onError: (_error, { id }, context) => {
      const before = context?.before;
      if (before) patchCache(client, (pages) => replaceTodo(pages, id, () => before));
    },
    onSuccess: (saved) => patchCache(client, (pages) => replaceTodo(pages, saved.id, () => saved)),
    onSettled: () => refetchWhenQuiet(client),
  });
}

export function useDeleteTodo() {
  const client = useQueryClient();
  return useMutation({
    mutationKey: TODOS_KEY,
    mutationFn: async (todo: Todo) => (await service()).deleteTodo(todo.id),
    onMutate: async (todo) => {
      await client.cancelQueries({ queryKey: TODOS_KEY });
      patchCache(client, (pages) => removeTodo(pages, todo.id));
    },
    onError: (_error, todo) => patchCache(client, (pages) => insertTodo(pages, todo)),
    onSettled: () => refetchWhenQuiet(client),
  });
}

function patchCache(client: QueryClient, change: (pages: TodoPages) => TodoPages): void {
  client.setQueryData<TodoPages>(TODOS_KEY, (pages) => pages && change(pages));
}

function findTodo(client: QueryClient, id: number): Todo | undefined {
  const pages = client.getQueryData<TodoPages>(TODOS_KEY);
  return pages && flatten(pages).find((todo) => todo.id === id);
}

/**
 * Only the last of several changes refetches: an earlier answer would undo the
 * later ones. Nobody waits for it, since the cache already shows the change.
 */
function refetchWhenQuiet(client: QueryClient): void {
  if (client.isMutating({ mutationKey: TODOS_KEY }) > 1) return;
  void client.invalidateQueries({ queryKey: TODOS_KEY });
}
