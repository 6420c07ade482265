import type { InfiniteData } from "@tanstack/react-query";
import type { Todo, TodoPage } from "@/services/types";

export type TodoPages = InfiniteData<TodoPage, number>;

/** Every loaded todo once: a page fetched after an insertion repeats its neighbour's last row. */
export function flatten({ pages }: { pages: TodoPage[] }): Todo[] {
  const byId = new Map<number, Todo>();
  for (const page of pages) for (const todo of page.items) byId.set(todo.id, todo);
  return [...byId.values()];
}

export function replaceTodo(pages: TodoPages, id: number, change: (todo: Todo) => Todo): TodoPages {
  return mapPages(pages, (page) => ({
    ...page,
    items: page.items.map((todo) => (todo.id === id ? change(todo) : todo)),
  }));
}

export function removeTodo(pages: TodoPages, id: number): TodoPages {
  return mapPages(pages, (page) => ({
    items: page.items.filter((todo) => todo.id !== id),
    total: page.total - 1,
  }));
}

/** Puts a todo where newest-first order wants it. */
export function insertTodo(pages: TodoPages, todo: Todo): TodoPages {
  let placed = false;
  return mapPages(pages, ({ items, total }, index) => {
    const at = placed ? -1 : items.findIndex((other) => other.id < todo.id);
    const isLast = index === pages.pages.length - 1;
    if (placed || (at < 0 && !isLast)) return { items, total: total + 1 };
    placed = true;
    return { items: items.toSpliced(at < 0 ? items.length : at, 0, todo), total: total + 1 };
  });
}

function mapPages(
  { pages, pageParams }: TodoPages,
  change: (page: TodoPage, index: number) => TodoPage,
): TodoPages {
  return { pages: pages.map(change), pageParams };
}
