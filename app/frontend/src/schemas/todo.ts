import * as z from "zod/mini";
import { DESCRIPTION_MAX, PRIORITY_MAX, TITLE_MAX } from "@/lib/limits";
import { texts } from "@/lib/texts";
import { atMost, isLine, isLines, isVisible } from "./text";

const says = texts.rules;

const title = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, says.titleMissing),
    isVisible,
    isLine,
    atMost(TITLE_MAX, says.titleLong(TITLE_MAX)),
  );
const description = z
  .string()
  .check(z.trim(), isLines, atMost(DESCRIPTION_MAX, says.notesLong(DESCRIPTION_MAX)));
const priority = z.int().check(z.gte(0), z.lte(PRIORITY_MAX));

/** What the API sends; times are aware, and `updated_at` is null until the first change. */
export const todoSchema = z.object({
  id: z.int(),
  title: z.string().check(z.minLength(1), atMost(TITLE_MAX)),
  description: z.nullable(z.string().check(atMost(DESCRIPTION_MAX))),
  completed: z.boolean(),
  priority,
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.nullable(z.iso.datetime({ offset: true })),
  /** Grows with each change; what a change is based on. */
  version: z.int().check(z.gte(1)),
});

export const todoListSchema = z.array(todoSchema);

/** What the form collects: the rules of the API, in words a person can act on. */
export const todoFormSchema = z.object({ title, description, priority });

export const createTodoSchema = z.object({
  title,
  description: z._default(z.nullable(description), null),
  completed: z._default(z.boolean(), false),
  priority: z._default(priority, 0),
});

export const updateTodoSchema = z.partial(
  z.object({ title, description: z.nullable(description), completed: z.boolean(), priority }),
);

export type Todo = z.infer<typeof todoSchema>;
export type TodoFormValues = z.infer<typeof todoFormSchema>;
export type CreateTodo = z.input<typeof createTodoSchema>;
export type UpdateTodo = z.infer<typeof updateTodoSchema>;
