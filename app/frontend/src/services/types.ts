import type { Todo } from "@/schemas/todo";
import type { User } from "@/schemas/auth";

export type { CreateTodo, Todo, UpdateTodo } from "@/schemas/todo";
export type { LoginValues, RegisterValues, User } from "@/schemas/auth";
export type { Health } from "@/schemas/health";

/** One page of the list, and how many todos there are in all. */
export type TodoPage = { items: Todo[]; total: number };

/** What a signed-in page can show at once; parts that are missing load in the browser. */
export type HomeData = { user?: User; todos?: TodoPage };
