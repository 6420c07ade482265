import * as sdk from "@/lib/api-client/sdk.gen";
import { healthSchema } from "@/schemas/health";
import {
  createTodoSchema,
  todoListSchema,
  todoSchema,
  updateTodoSchema,
  type CreateTodo,
  type Todo,
  type UpdateTodo,
} from "@/schemas/todo";
import type { TodoQuery } from "@/types/filter";
import { assertOk, browserClient, unwrap } from "./client";
import type { Health, TodoPage } from "./types";

/** The most that the API gives in one page. */
export const PAGE_SIZE = 100;

type Client = typeof browserClient;

export async function checkHealth(): Promise<Health> {
  return unwrap(await sdk.getHealth({ client: browserClient }), healthSchema);
}

const SORTS = { newest: "-id", oldest: "id", priority: "-priority", title: "title" } as const;

/** A page of a list: the first one, or the one at the cursor that the page before gave. */
export async function getTodos(
  { q, show, sort }: TodoQuery,
  cursor: string | null = null,
  client: Client = browserClient,
): Promise<TodoPage> {
  const result = await sdk.listTodos({
    client,
    query: {
      limit: PAGE_SIZE,
      sort: SORTS[sort],
      ...(q && { q }),
      ...(show !== "all" && { completed: show === "done" }),
      ...(cursor && { cursor }),
    },
  });
  const items = unwrap(result, todoListSchema);
  const headers = result.response?.headers;
  const total = headers?.get("X-Total-Count");
  return {
    items,
    total: cursor ? null : total ? Number(total) : items.length,
    next: headers?.get("X-Next-Cursor") ?? null,
  };
}

export async function getTodo(id: number): Promise<Todo> {
  return unwrap(await sdk.getTodo({ client: browserClient, path: { todo_id: id } }), todoSchema);
}

/** However often it is sent with one key, it creates one todo. */
export async function createTodo(todo: CreateTodo, key: string): Promise<Todo> {
  const body = createTodoSchema.parse(todo);
  const headers = { "Idempotency-Key": key };
  return unwrap(await sdk.createTodo({ client: browserClient, body, headers }), todoSchema);
}

/** Refused with 412 when the todo is at another version by now. */
export async function updateTodo(id: number, changes: UpdateTodo, version: number): Promise<Todo> {
  const body = updateTodoSchema.parse(changes);
  const headers = { "If-Match": `"${version}"` };
  const path = { todo_id: id };
  return unwrap(await sdk.updateTodo({ client: browserClient, path, body, headers }), todoSchema);
}

export async function deleteTodo(id: number, version: number): Promise<void> {
  const headers = { "If-Match": `"${version}"` };
  assertOk(await sdk.deleteTodo({ client: browserClient, path: { todo_id: id }, headers }));
}
