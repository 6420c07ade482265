import type { Todo } from "@/schemas/todo";
import type { User } from "@/schemas/auth";

export type { CreateTodo, Todo, UpdateTodo } from "@/schemas/todo";
export type { LoginValues, RegisterValues, User } from "@/schemas/auth";
export type { OpenSession, PasswordChange } from "@/schemas/account";
export type { Health } from "@/schemas/health";

/** One page of a list: how many todos it has in all, which only the first knows, and where the next begins. */
export type TodoPage = { items: Todo[]; total: number | null; next: string | null };

/** What a signed-in page can show at once; parts that are missing load in the browser. */
export type HomeData = { user?: User; todos?: TodoPage };
