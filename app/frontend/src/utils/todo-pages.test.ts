import { todo } from "@/test/server";
import { dropTodo, flatten, placeTodo, totalOf, type TodoPages } from "@/utils/todo-pages";

const NEWEST = { q: "", show: "all", sort: "newest" } as const;

/** Two loaded pages of four todos, or of more. */
function list(next: string | null = null): TodoPages {
  const page = (...ids: number[]) => ids.map((id) => todo({ id, title: `t${id}` }));
  return {
    pages: [
      { items: page(9, 7), total: next ? 100 : 4, next: "c1" },
      { items: page(5, 3), total: null, next },
    ],
    pageParams: [null, "c1"],
  };
}

const ids = (data: TodoPages) => data.pages.map((each) => each.items.map((item) => item.id));

describe("pages of todos", () => {
  it("flatten to each todo once", () => {
    const [first] = list().pages;
    expect(flatten({ pages: [first!, first!] }).map((each) => each.id)).toEqual([9, 7]);
  });

  it.each([
    [10, [[10, 9, 7], [5, 3]]], // prettier-ignore
    [6, [[9, 7], [6, 5, 3]]], // prettier-ignore
    [1, [[9, 7], [5, 3, 1]]], // prettier-ignore
    [-1, [[-1, 9, 7], [5, 3]]], // prettier-ignore
  ])("take todo %d in where newest first wants it", (id, expected) => {
    const after = placeTodo(list(), NEWEST, todo({ id }));
    expect(ids(after)).toEqual(expected);
    expect(totalOf(after)).toBe(5);
  });

  it("leave to a later page what belongs there", () => {
    const before = list("c2");
    expect(placeTodo(before, NEWEST, todo({ id: 1 }))).toBe(before);
  });

  it("lose one and count it, once", () => {
    const after = dropTodo(list(), 5);
    expect(ids(after)).toEqual([[9, 7], [3]]);
    expect(totalOf(after)).toBe(3);
    expect(dropTodo(after, 5)).toBe(after);
  });

  it("change one in its place and leave the others as they are", () => {
    const before = list();
    const after = placeTodo(before, NEWEST, todo({ id: 7, completed: true }));
    expect(flatten(after).map((each) => each.completed)).toEqual([false, true, false, false]);
    expect(after.pages[1]).toBe(before.pages[1]);
    expect(totalOf(after)).toBe(4);
  });

  it("move one whose place in the order changed", () => {
    const query = { ...NEWEST, sort: "priority" } as const;
    const after = placeTodo(list(), query, todo({ id: 3, priority: 5 }));
    expect(ids(after)).toEqual([[3, 9, 7], [5]]);
    expect(totalOf(after)).toBe(4);
  });

  it("let go of one that the query no longer wants, and take one in that it does", () => {
    const query = { ...NEWEST, show: "active", q: "T" } as const;
    const without = placeTodo(list(), query, todo({ id: 7, title: "t7", completed: true }));
    expect(ids(without)).toEqual([[9], [5, 3]]);
    const again = placeTodo(without, query, todo({ id: 7, title: "t7" }));
    expect(ids(again)).toEqual([[9], [7, 5, 3]]);
    expect(totalOf(again)).toBe(4);
  });
});
