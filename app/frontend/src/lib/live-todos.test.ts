import { MutationObserver, QueryClient } from "@tanstack/react-query";
import { followTodos } from "@/lib/live-todos";
import { todoKeys } from "@/lib/todo-cache";
import { todo } from "@/test/server";
import type { TodoPages } from "@/utils/todo-pages";

const ALL = { q: "", show: "all", sort: "newest" } as const;
const DONE = { ...ALL, show: "done" } as const;

function setup(...items: ReturnType<typeof todo>[]) {
  const client = new QueryClient();
  const fill = (query: typeof ALL | typeof DONE, page: typeof items) =>
    client.setQueryData<TodoPages>(todoKeys.list(query), {
      pages: [{ items: page, total: page.length, next: null }],
      pageParams: [null],
    });
  fill(ALL, items);
  fill(
    DONE,
    items.filter(({ completed }) => completed),
  );
  const shown = (query: typeof ALL | typeof DONE = ALL) =>
    client
      .getQueryData<TodoPages>(todoKeys.list(query))
      ?.pages.flatMap((page) => page.items.map(({ id, version }) => `${id} v${version}`));
  return { client, shown, feed: followTodos(client) };
}

/** An own change that the server has not answered yet. */
function begin(client: QueryClient, mutationKey: readonly string[], variables: unknown) {
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const mutation = new MutationObserver(client, {
    mutationKey,
    mutationFn: () => answered,
  }).mutate(variables as void);
  return async () => {
    answer();
    await mutation;
  };
}

describe("lists that follow the stream", () => {
  it("take what is new, changed and gone, into each list that wants it", () => {
    const { shown, feed } = setup(todo());
    feed.take({ name: "todo.created", data: todo({ id: 2 }) });
    expect(shown()).toEqual(["2 v1", "1 v1"]);
    feed.take({ name: "todo.updated", data: todo({ completed: true, version: 2 }) });
    expect(shown()).toEqual(["2 v1", "1 v2"]);
    expect(shown(DONE)).toEqual(["1 v2"]);
    feed.take({ name: "todo.deleted", data: { id: 1 } });
    expect(shown()).toEqual(["2 v1"]);
    expect(shown(DONE)).toEqual([]);
  });

  it("change nothing the second time, and never go back to an older version", () => {
    const { shown, feed } = setup(todo({ version: 3 }));
    feed.take({ name: "todo.updated", data: todo({ version: 2, completed: true }) });
    feed.take({ name: "todo.created", data: todo() });
    expect(shown()).toEqual(["1 v3"]);
    expect(shown(DONE)).toEqual([]);
    feed.take({ name: "todo.deleted", data: { id: 1 } });
    feed.take({ name: "todo.deleted", data: { id: 1 } });
    feed.take({ name: "todo.updated", data: todo({ version: 4 }) });
    expect(shown()).toEqual([]);
  });

  it("take a todo that has the id of one that is gone", () => {
    const { shown, feed } = setup(todo({ version: 3 }));
    feed.take({ name: "todo.deleted", data: { id: 1 } });
    feed.take({ name: "todo.created", data: todo() });
    feed.take({ name: "todo.updated", data: todo({ version: 2 }) });
    expect(shown()).toEqual(["1 v2"]);
  });

  it.each([
    [todoKeys.update, { id: 1, changes: {} }],
    [todoKeys.remove, todo()],
  ])("leave a todo alone while an own change is on its way: %j", async (key, variables) => {
    const { client, shown, feed } = setup(todo(), todo({ id: 0 }));
    const answered = begin(client, key, variables);
    feed.take({ name: "todo.updated", data: todo({ version: 2 }) });
    feed.take({ name: "todo.updated", data: todo({ id: 0, version: 2 }) });
    expect(shown()).toEqual(["1 v1", "0 v2"]);
    await answered();
    expect(shown()).toEqual(["1 v2", "0 v2"]);
  });

  it("wait for the answer to an own creation, which may be what the event tells of", async () => {
    const { client, shown, feed } = setup();
    const answered = begin(client, todoKeys.create, {});
    feed.take({ name: "todo.created", data: todo() });
    feed.take({ name: "todo.updated", data: todo({ version: 2 }) });
    expect(shown()).toEqual([]);
    await answered();
    expect(shown()).toEqual(["1 v2"]);
  });

  it("keep what came while an older answer was on its way", async () => {
    const { client, shown, feed } = setup(todo(), todo({ id: 0 }));
    let answer: (pages: TodoPages) => void = () => undefined;
    const fetched = client.fetchInfiniteQuery({
      queryKey: todoKeys.list(ALL),
      queryFn: () => new Promise<TodoPages["pages"][0]>((resolve) => (answer = resolve as never)),
      initialPageParam: null,
      staleTime: 0,
    });
    feed.take({ name: "todo.updated", data: todo({ version: 2 }) });
    feed.take({ name: "todo.deleted", data: { id: 0 } });
    feed.take({ name: "todo.created", data: todo({ id: 2 }) });
    answer({ items: [todo(), todo({ id: 0 })], total: 2, next: null } as never);
    await fetched;
    await Promise.resolve();
    expect(shown()).toEqual(["2 v1", "1 v2"]);
    feed.stop();
  });

  it("are asked for again when events were missed", () => {
    const { client, feed } = setup();
    feed.refetch();
    expect(client.getQueryState(todoKeys.list(ALL))?.isInvalidated).toBe(true);
  });
});
