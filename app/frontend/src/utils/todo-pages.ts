import type { InfiniteData } from "@tanstack/react-query";
import type { Todo, TodoPage } from "@/services/types";
import type { TodoQuery } from "@/types/filter";
import { matchesQuery, orderOf } from "./todo-query";

export type TodoPages = InfiniteData<TodoPage, string | null>;

/** Every loaded todo once, in the order of the list. */
export function flatten({ pages }: Pick<TodoPages, "pages">): Todo[] {
  const byId = new Map<number, Todo>();
  for (const page of pages) for (const todo of page.items) byId.set(todo.id, todo);
  return [...byId.values()];
}

export function findTodo(pages: TodoPages, id: number): Todo | undefined {
  for (const page of pages.pages) for (const todo of page.items) if (todo.id === id) return todo;
}

/** Only the first page counts: those after it come without a total. */
export function totalOf({ pages }: Pick<TodoPages, "pages">): number {
  return pages[0]?.total ?? 0;
}

/**
 * Puts a todo where the query wants it: in its place, in another one, or out.
 * One that belongs behind the pages loaded so far comes with its page.
 */
export function placeTodo(pages: TodoPages, query: TodoQuery, todo: Todo): TodoPages {
  const present = findTodo(pages, todo.id);
  if (!matchesQuery(todo, query)) return dropTodo(pages, todo.id);
  const compare = orderOf(query.sort);
  // Compared with what was there before, and not with its neighbours: the server ordered those.
  if (present && compare(present, todo) === 0)
    return mapItems(pages, (items) => items.map((each) => (each.id === todo.id ? todo : each)));

  const without = present ? dropTodo(pages, todo.id) : pages;
  const last = without.pages.length - 1;
  const at = without.pages.findIndex((page) => page.items.some((each) => compare(todo, each) < 0));
  if (at < 0 && without.pages[last]?.next) return without;
  return count(
    mapItems(without, (items, index) => {
      if (index !== (at < 0 ? last : at)) return items;
      const before = items.findIndex((each) => compare(todo, each) < 0);
      return items.toSpliced(before < 0 ? items.length : before, 0, todo);
    }),
    1,
  );
}

/** Takes a todo out, if it is in, and counts it. */
export function dropTodo(pages: TodoPages, id: number): TodoPages {
  if (!findTodo(pages, id)) return pages;
  return count(
    mapItems(pages, (items) => items.filter((each) => each.id !== id)),
    -1,
  );
}

function count({ pages, pageParams }: TodoPages, more: 1 | -1): TodoPages {
  const [first, ...others] = pages;
  if (!first) return { pages, pageParams };
  return { pages: [{ ...first, total: (first.total ?? 0) + more }, ...others], pageParams };
}

/** A page that stays the same stays the same object. */
function mapItems(
  { pages, pageParams }: TodoPages,
  change: (items: Todo[], index: number) => Todo[],
): TodoPages {
  const mapped = pages.map((page, index) => {
    const items = change(page.items, index);
    const same =
      items.length === page.items.length && items.every((each, i) => each === page.items[i]);
    return same ? page : { ...page, items };
  });
  return { pages: mapped, pageParams };
}
