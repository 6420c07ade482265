import { todo } from "@/test/server";
import { matchesQuery, orderOf, readTodoQuery, writeTodoQuery } from "@/utils/todo-query";

const ALL = { q: "", show: "all", sort: "newest" } as const;

describe("the query of a list", () => {
  it.each(["", "?q=milk+%26+tea", "?show=done", "?q=a&show=active&sort=title"])(
    "is the same after being written and read: %s",
    (address) => {
      expect(writeTodoQuery(readTodoQuery(new URLSearchParams(address)))).toBe(address);
    },
  );

  it("takes no notice of what it does not know", () => {
    const params = new URLSearchParams({ q: ` ${"x".repeat(200)}`, show: "none", sort: "x" });
    expect(readTodoQuery(params)).toEqual({ ...ALL, q: "x".repeat(100) });
  });

  it.each([
    [{ q: "PLANTS" }, true],
    [{ q: "the sink" }, true],
    [{ q: "plants\nin" }, false],
    [{ show: "done" } as const, false],
    [{ show: "active" } as const, true],
  ])("with %j matches as the server does: %s", (query, expected) => {
    const plants = todo({ description: "In the sink" });
    expect(matchesQuery(plants, { ...ALL, ...query })).toBe(expected);
  });

  it.each([
    ["newest", [3, 2, 1]],
    ["oldest", [1, 2, 3]],
    ["priority", [2, 3, 1]],
    ["title", [3, 1, 2]],
  ] as const)("orders by %s", (sort, expected) => {
    const todos = [
      todo({ id: 1, title: "b" }),
      todo({ id: 2, title: "c", priority: 2 }),
      todo({ id: 3, title: "a" }),
    ];
    expect(todos.sort(orderOf(sort)).map(({ id }) => id)).toEqual(expected);
  });
});
