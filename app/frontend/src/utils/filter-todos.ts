import type { Todo } from "@/schemas/todo";
import type { TodoFilter } from "@/types/filter";

/** The todos that match a tab and a search, in their given order. */
export function filterTodos(todos: Todo[], filter: TodoFilter, search: string): Todo[] {
  const needle = search.trim().toLocaleLowerCase();
  return todos.filter(
    (todo) =>
      (filter === "all" || todo.completed === (filter === "done")) &&
      (needle === "" ||
        `${todo.title}\n${todo.description ?? ""}`.toLocaleLowerCase().includes(needle)),
  );
}
