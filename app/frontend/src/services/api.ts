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
import { assertOk, browserClient, unwrap } from "./client";
import type { Health, TodoPage } from "./types";

/** The most that the API gives in one page. */
export const PAGE_SIZE = 100;

type Client = typeof browserClient;

export async function checkHealth(): Promise<Health> {
  return unwrap(await sdk.getHealth({ client: browserClient }), healthSchema);
}

export async function getTodos(skip = 0, client: Client = browserClient): Promise<TodoPage> {
  const result = await sdk.listTodos({ client, query: { skip, limit: PAGE_SIZE } });
  const items = unwrap(result, todoListSchema);
  const total = Number(result.response?.headers.get("X-Total-Count") ?? NaN);
  return { items, total: Number.isNaN(total) ? skip + items.length : total };
}

export async function createTodo(todo: CreateTodo): Promise<Todo> {
  const body = createTodoSchema.parse(todo);
  return unwrap(await sdk.createTodo({ client: browserClient, body }), todoSchema);
}

export async function updateTodo(id: number, changes: UpdateTodo): Promise<Todo> {
  const body = updateTodoSchema.parse(changes);
  const path = { todo_id: id };
  return unwrap(await sdk.updateTodo({ client: browserClient, path, body }), todoSchema);
}

export async function deleteTodo(id: number): Promise<void> {
  assertOk(await sdk.deleteTodo({ client: browserClient, path: { todo_id: id } }));
}
