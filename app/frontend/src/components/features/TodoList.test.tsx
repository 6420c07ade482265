import { act, screen, waitFor, within } from "@testing-library/react";
import { delay, http, HttpResponse } from "msw";
import { LiveStatus } from "@/components/features/LiveStatus";
import { TodoList } from "@/components/features/TodoList";
import { axe } from "@/test/axe";
import "@/lib/live-todos";
import "@/services/event-stream";
import type { Todo } from "@/services/types";
import { renderApp } from "@/test/render";
import { problem, server, todo, todoHandlers, startServer } from "@/test/server";
import { streamBackend } from "@/test/stream";

jest.mock("next/navigation", () => jest.requireActual("@/test/navigation"));

startServer();
beforeEach(() => window.history.replaceState(null, "", "/"));

function setup(todos = [todo()]) {
  const backend = todoHandlers(todos);
  server.use(...backend.handlers);
  return { ...backend, ...renderApp(<TodoList />) };
}

const titles = () => screen.queryAllByTestId("todo-title").map((title) => title.textContent);

describe("TodoList", () => {
  it("shows the todos under their heading", async () => {
    setup([todo({ id: 2, title: "Second", priority: 5, description: "Soon" }), todo()]);
    expect(screen.getByRole("heading", { name: "Todos" })).toBeInTheDocument();
    expect(screen.getByText("Loading your todos…")).toBeInTheDocument();
    expect(await screen.findByText("Second")).toBeVisible();
    expect(titles()).toEqual(["Second", "Water the plants"]);
    expect(screen.getByText("Urgent")).toBeVisible();
    expect(screen.getByText("Soon")).toBeVisible();
  });

  it("invites to a first todo when there is none", async () => {
    const { user } = setup([]);
    await user.click(await screen.findByRole("button", { name: "Add your first todo" }));
    expect(screen.getByLabelText("Title")).toHaveFocus();
  });

  it("says what failed and tries again", async () => {
    const { user } = setup();
    server.use(
      http.get("*/api/v1/todos", () => problem(503, "Down for a moment."), { once: true }),
    );
    expect(await screen.findByRole("alert")).toHaveTextContent("Down for a moment.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(screen.getByRole("heading", { name: "Todos" })).toHaveFocus();
    expect(await screen.findByText("Water the plants")).toBeVisible();
  });

  it("adds a todo with a priority", async () => {
    const { user, state } = setup([]);
    await user.click(screen.getByTestId("add-todo"));
    await user.type(screen.getByLabelText("Title"), "Call Grace");
    await user.click(screen.getByRole("combobox", { name: "Priority" }));
    await user.click(await screen.findByRole("option", { name: "High" }));
    await user.click(screen.getByRole("button", { name: "Add todo" }));
    expect(await screen.findByText("Call Grace")).toBeVisible();
    expect(state.todos[0]).toMatchObject({ title: "Call Grace", priority: 4, description: null });
    expect(screen.queryByTestId("todo-form")).not.toBeInTheDocument();
  });

  it("keeps what was typed when the server refuses it", async () => {
    const { user } = setup([]);
    server.use(
      http.post("*/api/v1/todos", () =>
        problem(422, "Invalid", [{ field: "body.title", detail: "Too rude" }]),
      ),
    );
    await user.click(screen.getByTestId("add-todo"));
    await user.type(screen.getByLabelText("Title"), "Grr{Enter}");
    expect(await screen.findByText("Too rude")).toBeVisible();
    expect(screen.getByLabelText("Title")).toHaveValue("Grr");
  });

  it("edits in place", async () => {
    const { user, state } = setup();
    await user.click(await screen.findByTestId("edit-todo"));
    const title = screen.getByLabelText("Title");
    await user.clear(title);
    await user.type(title, "Water all plants{Enter}");
    await waitFor(() => expect(titles()).toEqual(["Water all plants"]));
    expect(state.todos[0]?.title).toBe("Water all plants");
  });

  it("completes at once and takes it back when the server refuses", async () => {
    const { user } = setup();
    server.use(
      http.patch("*/api/v1/todos/:id", async () => {
        await delay(50);
        return problem(500, "Disk full.");
      }),
    );
    await user.click(await screen.findByRole("checkbox"));
    expect(screen.getByRole("checkbox")).toBeChecked();
    await waitFor(() => expect(screen.getByRole("checkbox")).not.toBeChecked());
    expect((await screen.findAllByText("Not saved. Disk full."))[0]).toBeInTheDocument();
  });

  it("deletes with an undo that brings it back", async () => {
    const { user, state } = setup([todo({ completed: true, priority: 2 })]);
    await user.click(await screen.findByTestId("delete-todo"));
    await waitFor(() => expect(state.requests).toEqual(["DELETE 1"]));
    expect(screen.queryByTestId("todo-item")).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByTestId("todo-item")).toBeVisible();
    expect(state.todos[0]).toMatchObject({ completed: true, priority: 2 });
  });

  it("puts a todo back in its place when deleting fails", async () => {
    const { user } = setup([todo({ id: 3, title: "c" }), todo({ id: 2, title: "b" }), todo()]);
    server.use(http.delete("*/api/v1/todos/:id", () => problem(500, "Disk full.")));
    const item = (await screen.findByText("b")).closest("li") as HTMLElement;
    await user.click(within(item).getByTestId("delete-todo"));
    expect((await screen.findAllByText("Not deleted. Disk full."))[0]).toBeInTheDocument();
    expect(titles()).toEqual(["c", "b", "Water the plants"]);
  });

  it("filters by state and search on the server, and shows all again", async () => {
    const { user } = setup([todo({ id: 2, title: "Old", completed: true }), todo()]);
    await screen.findByText("Old");
    await user.click(screen.getByRole("button", { name: "Active" }));
    await waitFor(() => expect(titles()).toEqual(["Water the plants"]));
    await user.click(screen.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(titles()).toEqual(["Old"]));
    await user.keyboard("/");
    expect(screen.getByRole("searchbox")).toHaveFocus();
    await user.keyboard("nothing");
    expect(await screen.findByText("No todos match")).toBeVisible();
    expect(window.location.search).toBe("?q=nothing&show=done");
    await user.click(screen.getByRole("button", { name: "Show all" }));
    await waitFor(() => expect(titles()).toHaveLength(2));
    expect(screen.getByRole("searchbox")).toHaveFocus();
    expect(window.location.search).toBe("");
  });

  it.each([
    ["filter", "?show=done"],
    ["search", "?q=water"],
  ])("says of a todo that its %s hides that it was added", async (_what, address) => {
    window.history.replaceState(null, "", `/${address}`);
    const { user } = setup([todo({ completed: true })]);
    await screen.findByText("Water the plants");
    await user.keyboard("n");
    await user.type(screen.getByLabelText("Title"), "Call Grace{Enter}");
    const said = (await screen.findAllByText("Added, but filtered out"))[0]!;
    expect(said.closest("[aria-live=polite]")).not.toBeNull();
    expect(titles()).toEqual(["Water the plants"]);
    await user.click(screen.getByRole("button", { name: "Show all" }));
    await waitFor(() => expect(titles()).toEqual(["Call Grace", "Water the plants"]));
    expect(screen.getByRole("searchbox")).toHaveFocus();
    await waitFor(() =>
      expect(screen.queryByText("Added, but filtered out")).not.toBeInTheDocument(),
    );
  });

  it("says nothing of an added todo that it shows", async () => {
    window.history.replaceState(null, "", "/?q=call");
    const { user } = setup([]);
    await screen.findByText("No todos match");
    await user.keyboard("n");
    await user.type(screen.getByLabelText("Title"), "Call Grace{Enter}");
    expect(await screen.findByText("Call Grace")).toBeVisible();
    await waitFor(() =>
      expect(screen.getByTestId("todo-item")).not.toHaveAttribute("aria-busy", "true"),
    );
    expect(screen.queryByText("Added, but filtered out")).not.toBeInTheDocument();
  });

  it("shows what its address says, in that order", async () => {
    window.history.replaceState(null, "", "/?q=tea&sort=title");
    const { user } = setup([
      todo({ id: 3, title: "Brew tea" }),
      todo({ id: 2, title: "A cup", description: "for the tea" }),
      todo(),
    ]);
    await waitFor(() => expect(titles()).toEqual(["A cup", "Brew tea"]));
    expect(screen.getByRole("searchbox")).toHaveValue("tea");
    await user.selectOptions(screen.getByRole("combobox", { name: "Sort by" }), "Newest");
    await waitFor(() => expect(titles()).toEqual(["Brew tea", "A cup"]));
    expect(window.location.search).toBe("?q=tea");
    act(() => window.history.replaceState(null, "", "/"));
    await waitFor(() => expect(titles()).toHaveLength(3));
    expect(screen.getByRole("searchbox")).toHaveValue("");
  });

  it("opens the form with n and closes it with Escape", async () => {
    const { user } = setup();
    await screen.findByText("Water the plants");
    await user.keyboard("n");
    expect(screen.getByLabelText("Title")).toHaveFocus();
    expect(screen.getByLabelText("Title")).toHaveValue("");
    await user.keyboard("{Escape}");
    expect(screen.queryByTestId("todo-form")).not.toBeInTheDocument();
    expect(screen.getByTestId("add-todo")).toHaveFocus();
  });

  it("moves, edits, deletes and undoes by keys", async () => {
    const { user, state } = setup([todo({ id: 2, title: "First" }), todo({ title: "Second" })]);
    await screen.findByText("First");
    await user.keyboard("j");
    expect(screen.getByRole("checkbox", { name: "First" })).toHaveFocus();
    await user.keyboard("{ArrowDown}");
    expect(screen.getByRole("checkbox", { name: "Second" })).toHaveFocus();
    await user.keyboard("k");
    await user.keyboard("e");
    expect(screen.getByLabelText("Title")).toHaveValue("First");
    await user.keyboard("{Escape}");
    expect(screen.getByRole("checkbox", { name: "First" })).toHaveFocus();
    await user.keyboard("{Delete}");
    expect(screen.getByRole("checkbox", { name: "Second" })).toHaveFocus();
    await waitFor(() => expect(titles()).toEqual(["Second"]));
    await user.keyboard("z");
    await waitFor(() => expect(titles()).toEqual(["First", "Second"]));
    await user.keyboard("z");
    expect(state.requests).toEqual(["DELETE 2", "POST First"]);
  });

  it("leaves keys to the browser when no row has the focus", async () => {
    const { user, state } = setup();
    await screen.findByText("Water the plants");
    await user.keyboard("e{Delete}{Control>}n{/Control}");
    expect(screen.queryByTestId("todo-form")).not.toBeInTheDocument();
    expect(state.requests).toEqual([]);
  });

  it("loads more beyond one page", async () => {
    const many = Array.from({ length: 101 }, (_, i) => todo({ id: 101 - i, title: `t${101 - i}` }));
    const { user } = setup(many);
    await screen.findByText("t101");
    expect(screen.queryByText("t1")).not.toBeInTheDocument();
    await user.click(screen.getByTestId("load-more"));
    expect(await screen.findByText("t1")).toBeInTheDocument();
    expect(screen.queryByTestId("load-more")).not.toBeInTheDocument();
    await waitFor(() => expect(screen.getByRole("checkbox", { name: "t1" })).toHaveFocus());
  });

  it("shows a new todo before the server has it, and takes it out when it is refused", async () => {
    const { user } = setup([]);
    server.use(
      http.post("*/api/v1/todos", async () => {
        await delay(50);
        return problem(409, "Not today.");
      }),
    );
    await user.click(screen.getByTestId("add-todo"));
    await user.type(screen.getByLabelText("Title"), "Call Grace{Enter}");
    const row = await screen.findByTestId("todo-item");
    expect(row).toHaveTextContent("Call Grace");
    expect(row).toHaveAttribute("aria-busy", "true");
    expect(await screen.findByText("Not today.")).toBeVisible();
    expect(screen.getByLabelText("Title")).toHaveValue("Call Grace");
    expect(screen.queryByTestId("todo-item")).not.toBeInTheDocument();
  });

  it("creates one todo when the answer to the first attempt is lost", async () => {
    const { user, state } = setup([]);
    const keys: (string | null)[] = [];
    server.use(
      http.post("*/api/v1/todos", ({ request }) => {
        keys.push(request.headers.get("Idempotency-Key"));
        return keys.length === 1 ? HttpResponse.error() : undefined;
      }),
    );
    await user.click(screen.getByTestId("add-todo"));
    await user.type(screen.getByLabelText("Title"), "Call Grace{Enter}");
    await waitFor(() => expect(state.todos).toHaveLength(1), { timeout: 3000 });
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBeTruthy();
    expect(keys[1]).toBe(keys[0]);
  });

  it("keeps a draft that was not added", async () => {
    const { user } = setup();
    await user.click(await screen.findByTestId("add-todo"));
    await user.type(screen.getByLabelText("Title"), "Half a thou{Escape}");
    expect(screen.queryByTestId("todo-form")).not.toBeInTheDocument();
    await user.keyboard("n");
    expect(screen.getByLabelText("Title")).toHaveValue("Half a thou");
    await user.type(screen.getByLabelText("Title"), "ght{Enter}");
    await waitFor(() => expect(titles()).toContain("Half a thought"));
    await user.click(screen.getByTestId("add-todo"));
    expect(screen.getByLabelText("Title")).toHaveValue("");
  });

  /** What somebody else does: nothing here hears of it. */
  function elsewhere(state: ReturnType<typeof todoHandlers>["state"], changes: Partial<Todo>) {
    state.todos = state.todos.map((each) => ({ ...each, ...changes, version: each.version + 1 }));
  }

  it("asks before an edit overwrites what changed elsewhere", async () => {
    const { user, state } = setup();
    await user.click(await screen.findByTestId("edit-todo"));
    elsewhere(state, { title: "Water the cactus", description: "Little" });
    await user.type(screen.getByLabelText("Title"), " twice{Enter}");
    const conflict = await screen.findByTestId("todo-conflict");
    expect(conflict).toHaveTextContent("Changed elsewhere");
    expect(conflict).toHaveTextContent("Water the cactus");
    expect(screen.getByLabelText("Title")).toHaveValue("Water the plants twice");
    await user.click(screen.getByRole("button", { name: "Overwrite" }));
    await waitFor(() => expect(titles()).toEqual(["Water the plants twice"]));
    expect(state.todos[0]?.version).toBe(3);
  });

  it("lets go of an edit for what changed elsewhere", async () => {
    const { user, state } = setup();
    await user.click(await screen.findByTestId("edit-todo"));
    elsewhere(state, { title: "Water the cactus" });
    await user.type(screen.getByLabelText("Title"), " twice{Enter}");
    await screen.findByTestId("todo-conflict");
    await user.click(screen.getByRole("button", { name: "Discard mine" }));
    await waitFor(() => expect(titles()).toEqual(["Water the cactus"]));
  });

  it("saves as new what was typed into a todo that is gone", async () => {
    const { user, state } = setup();
    await user.click(await screen.findByTestId("edit-todo"));
    state.todos = [];
    await user.type(screen.getByLabelText("Title"), " twice{Enter}");
    expect(await screen.findByTestId("todo-conflict")).toHaveTextContent("Deleted elsewhere");
    await user.click(screen.getByRole("button", { name: "Save as new" }));
    await waitFor(() => expect(titles()).toEqual(["Water the plants twice"]));
    expect(state.todos).toHaveLength(1);
  });

  it("completes what changed elsewhere, and says so before it deletes it", async () => {
    const { user, state } = setup();
    await user.click(await screen.findByRole("checkbox"));
    await waitFor(() => expect(state.todos[0]).toMatchObject({ completed: true, version: 2 }));
    elsewhere(state, { title: "Water the cactus" });
    await user.click(screen.getByRole("checkbox"));
    await waitFor(() => expect(state.todos[0]).toMatchObject({ completed: false, version: 4 }));
    await waitFor(() => expect(titles()).toEqual(["Water the cactus"]));
    elsewhere(state, { title: "Water nothing" });
    await user.click(screen.getByTestId("delete-todo"));
    await user.click(await screen.findByRole("button", { name: "Delete anyway" }));
    await waitFor(() => expect(state.todos).toEqual([]));
  });

  it("deletes right after completing without taking that for a conflict", async () => {
    const { user, state } = setup();
    await user.click(await screen.findByRole("checkbox"));
    await user.click(screen.getByTestId("delete-todo"));
    await waitFor(() => expect(state.todos).toEqual([]));
    expect(titles()).toEqual([]);
  });

  it("follows the stream", async () => {
    const backend = streamBackend();
    const { state, handlers } = todoHandlers([todo()]);
    server.use(...handlers);
    renderApp(
      <>
        <TodoList />
        <LiveStatus />
      </>,
    );
    await waitFor(() => expect(screen.getByTestId("live-status")).toHaveTextContent("Live"));
    await screen.findByText("Water the plants");
    const made = todo({ id: 2, title: "From elsewhere" });
    state.todos.unshift(made);
    act(() => backend.latest().send("todo.created", made, 2));
    await waitFor(() => expect(titles()).toEqual(["From elsewhere", "Water the plants"]));
    act(() => backend.latest().send("todo.deleted", { id: 1 }, 3));
    await waitFor(() => expect(titles()).toEqual(["From elsewhere"]));
  });

  it("has nothing that automated accessibility checks object to", async () => {
    const { user, container } = setup([todo({ id: 2, priority: 3, description: "Soon" }), todo()]);
    await screen.findAllByTestId("todo-item");
    await user.keyboard("n");
    expect(await axe(container)).toEqual([]);
  });
});
