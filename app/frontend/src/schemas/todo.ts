import { z } from "zod";

export const TITLE_MAX = 100;
export const DESCRIPTION_MAX = 500;
export const PRIORITY_MAX = 5;

const title = z
  .string()
  .trim()
  .min(1, "Give it a title")
  .max(TITLE_MAX, `Keep the title within ${TITLE_MAX} characters`);
const description = z
  .string()
  .trim()
  .max(DESCRIPTION_MAX, `Keep notes within ${DESCRIPTION_MAX} characters`);
const priority = z.number().int().min(0).max(PRIORITY_MAX);

/** What the API sends; times are aware, and `updated_at` is null until the first change. */
export const todoSchema = z.object({
  id: z.number().int(),
  title: z.string().min(1).max(TITLE_MAX),
  description: z.string().max(DESCRIPTION_MAX).nullable(),
  completed: z.boolean(),
  priority,
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }).nullable(),
});

export const todoListSchema = z.array(todoSchema);

/** What the form collects: the rules of the API, in words a person can act on. */
export const todoFormSchema = z.object({ title, description, priority });

export const createTodoSchema = z.object({
  title,
  description: description.nullable().default(null),
  completed: z.boolean().default(false),
  priority: priority.default(0),
});

export const updateTodoSchema = z
  .object({ title, description: description.nullable(), completed: z.boolean(), priority })
  .partial();

export type Todo = z.infer<typeof todoSchema>;
export type TodoFormValues = z.infer<typeof todoFormSchema>;
export type CreateTodo = z.input<typeof createTodoSchema>;
export type UpdateTodo = z.infer<typeof updateTodoSchema>;
