import { todo } from "@/test/server";
import { flatten, insertTodo, removeTodo, replaceTodo } from "@/utils/todo-pages";

const page = (...ids: number[]) => ({ items: ids.map((id) => todo({ id })), total: 4 });
const pages = { pages: [page(9, 7), page(5, 3)], pageParams: [0, 2] };
const ids = (data: typeof pages) => data.pages.map((each) => each.items.map((item) => item.id));

describe("pages of todos", () => {
  it("flatten to each todo once", () => {
    const overlapping = { pages: [page(9, 7), page(7, 5)] };
    expect(flatten(overlapping).map((each) => each.id)).toEqual([9, 7, 5]);
  });

  it.each([
    [
      10,
      [
        [10, 9, 7],
        [5, 3],
      ],
    ],
    [
      6,
      [
        [9, 7],
        [6, 5, 3],
      ],
    ],
    [
      1,
      [
        [9, 7],
        [5, 3, 1],
      ],
    ],
  ])("take todo %d in where newest first wants it", (id, expected) => {
    const after = insertTodo(pages, todo({ id }));
    expect(ids(after)).toEqual(expected);
    expect(after.pages.map((each) => each.total)).toEqual([5, 5]);
  });

  it("lose one and count it", () => {
    const after = removeTodo(pages, 5);
    expect(ids(after)).toEqual([[9, 7], [3]]);
    expect(after.pages[0]?.total).toBe(3);
  });

  it("change one and leave the others as they are", () => {
    const after = replaceTodo(pages, 7, (each) => ({ ...each, completed: true }));
    expect(flatten(after).map((each) => each.completed)).toEqual([false, true, false, false]);
    expect(after.pages[1]?.items[0]).toBe(pages.pages[1]?.items[0]);
  });
});
