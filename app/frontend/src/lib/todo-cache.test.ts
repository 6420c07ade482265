/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import { QueryClient } from "@tanstack/react-query";
import {
  baseVersion,
  dropFromLists,
  findInLists,
  forgetOwnVersion,
  isBeingRemoved,
  noteOwnVersion,
  placeInLists,
  placeNewer,
  todoKeys,
  withPending,
} from "@/lib/todo-cache";
import type { Todo } from "@/schemas/todo";
import { todo } from "@/test/server";
import type { TodoPages } from "@/utils/todo-pages";

const ALL = { q: "", show: "all", sort: "newest" } as const;
const DONE = { q: "", show: "done", sort: "newest" } as const;

let client: QueryClient;

function load(query: typeof ALL | typeof DONE, ...items: Todo[]): void {
  const pages: TodoPages = {
    pages: [{ items, total: items.length, next: null }],
    pageParams: [null],
  };
  client.setQueryData(todoKeys.list(query), pages);
}

function loaded(query: typeof ALL | typeof DONE): Todo[] | undefined {
  const pages = client.getQueryData<TodoPages>(todoKeys.list(query));
  return pages?.pages.flatMap((page) => page.items);
}

/** A list that has been asked for and has no answer yet. */
function ask(query: typeof ALL | typeof DONE): void {
  client.getQueryCache().build(client, { queryKey: todoKeys.list(query) });
}

/** A change under way, which never ends. */
function begin(mutationKey: readonly string[], variables: unknown): void {
  void client
    .getMutationCache()
    .build(client, { mutationKey, mutationFn: () => new Promise<void>(() => {}) })
    .execute(variables as void);
}

beforeEach(() => {
  client = new QueryClient({ defaultOptions: { queries: { gcTime: Infinity } } });
});

afterEach(() => client.clear());

it("has a key for each list and each change", () => {
  expect(todoKeys.list(ALL)).toEqual(["todos", "list", ALL]);
  expect(todoKeys).toMatchObject({
    all: ["todos"],
    lists: ["todos", "list"],
    create: ["todos", "create"],
    update: ["todos", "update"],
    remove: ["todos", "remove"],
  });
});

it("places a todo in every list that is loaded, and takes it out where it does not belong", () => {
  load(ALL, todo({ id: 1, completed: true }));
  load(DONE, todo({ id: 1, completed: true }));
  client.setQueryData(["other"], "stays");
  placeInLists(client, todo({ id: 1, title: "new" }));
  expect(loaded(ALL)).toEqual([todo({ id: 1, title: "new" })]);
  expect(loaded(DONE)).toEqual([]);
  expect(client.getQueryData(["other"])).toBe("stays");
});

it("leaves lists that have no answer yet alone", () => {
  ask(ALL);
  placeInLists(client, todo());
  placeNewer(client, todo());
  dropFromLists(client, 1);
  expect(loaded(ALL)).toBeUndefined();
  expect(findInLists(client, 1)).toBeUndefined();
});

it("takes the server's word unless a list knows better", () => {
  const shown = todo({ id: 1, version: 3, title: "third" });
  load(ALL, shown);
  placeNewer(client, todo({ id: 1, version: 2, title: "second" }));
  expect(loaded(ALL)).toEqual([shown]);
  placeNewer(client, todo({ id: 1, version: 3, title: "another third" }));
  expect(loaded(ALL)).toEqual([shown]);
  placeNewer(client, todo({ id: 1, version: 4, title: "fourth" }));
  expect(loaded(ALL)?.[0]?.title).toBe("fourth");
  placeNewer(client, todo({ id: 2, version: 1 }));
  expect(loaded(ALL)?.map(({ id }) => id)).toEqual([2, 1]);
});

it("gives a list that lags behind the newest version that any has", () => {
  load(ALL, todo({ id: 1, version: 3, completed: true, title: "third" }));
  load(DONE, todo({ id: 1, version: 1, completed: true, title: "first" }));
  placeNewer(client, todo({ id: 1, version: 2, completed: true, title: "second" }));
  expect(loaded(ALL)?.[0]?.title).toBe("third");
  expect(loaded(DONE)?.[0]?.title).toBe("third");
});

it("finds the newest version, in whatever order the lists are", () => {
  load(ALL, todo({ id: 1, version: 2 }));
  load(DONE, todo({ id: 1, version: 0 }));
  expect(findInLists(client, 1)?.version).toBe(2);
  expect(findInLists(client, 2)).toBeUndefined();
  load(ALL, todo({ id: 3, version: 0 }));
  expect(findInLists(client, 3)?.version).toBe(0);
});

it("drops a todo from lists and from nothing else", () => {
  load(ALL, todo({ id: 1 }), todo({ id: 2 }));
  client.setQueryData(["other"], "stays");
  dropFromLists(client, 1);
  expect(loaded(ALL)?.map(({ id }) => id)).toEqual([2]);
  expect(client.getQueryData(["other"])).toBe("stays");
});

it("shows what has been saved under the changes that are still on their way", () => {
  const saved = todo({ id: 1, title: "saved", priority: 1 });
  expect(withPending(client, saved)).toEqual(saved);
  begin(todoKeys.update, { id: 1, changes: { title: " saved " } });
  expect(withPending(client, saved)).toEqual(saved);
  begin(todoKeys.update, { id: 1, changes: { title: "next", priority: 2 } });
  begin(todoKeys.update, { id: 1, changes: { title: "last" } });
  begin(todoKeys.update, { id: 2, changes: { title: "another's" } });
  begin(todoKeys.create, { id: 1, changes: { title: "no change" } });
  expect(withPending(client, saved)).toEqual({ ...saved, title: "last", priority: 2 });
  expect(saved.title).toBe("saved");
});

it("does not count changes that have ended", async () => {
  begin(todoKeys.update, { id: 1, changes: { title: "saved" } });
  const ended = client.getMutationCache().build(client, {
    mutationKey: todoKeys.update,
    mutationFn: async () => {},
  });
  await ended.execute({ id: 1, changes: { title: "ended" } } as never as void);
  const saved = todo({ id: 1, title: "saved" });
  expect(withPending(client, saved)).toEqual(saved);
});

it("knows the versions that were made here, each client its own", () => {
  expect(baseVersion(client, 1, 4)).toBe(4);
  expect(baseVersion(client, 1, -4)).toBe(0);
  noteOwnVersion(client, todo({ id: 1, version: 6 }));
  expect(baseVersion(client, 1, 4)).toBe(6);
  expect(baseVersion(client, 1, 7)).toBe(7);
  expect(baseVersion(client, 2, 4)).toBe(4);
  expect(baseVersion(new QueryClient(), 1, 4)).toBe(4);
  forgetOwnVersion(client, 1);
  expect(baseVersion(client, 1, 4)).toBe(4);
});

it("knows what is being removed at this moment", async () => {
  expect(isBeingRemoved(client, 1)).toBe(false);
  begin(todoKeys.update, todo({ id: 1 }));
  expect(isBeingRemoved(client, 1)).toBe(false);
  begin(todoKeys.remove, todo({ id: 1 }));
  begin(todoKeys.remove, todo({ id: 2 }));
  expect([1, 2, 3].map((id) => isBeingRemoved(client, id))).toEqual([true, true, false]);
  const ended = client.getMutationCache().build(client, {
    mutationKey: todoKeys.remove,
    mutationFn: async () => {},
  });
  await ended.execute(todo({ id: 4 }) as never as void);
  expect(isBeingRemoved(client, 4)).toBe(false);
});
