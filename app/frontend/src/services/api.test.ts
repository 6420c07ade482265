import { http, HttpResponse } from "msw";
import { NO_ANSWER } from "@/lib/api-error";
import { checkHealth, createTodo, deleteTodo, getTodo, getTodos, updateTodo } from "@/services/api";
import { problem, server, startServer, todo, todoHandlers } from "@/test/server";

startServer();

describe("checkHealth", () => {
  it("returns what the backend says", async () => {
    await expect(checkHealth()).resolves.toMatchObject({ status: "healthy", version: "1.2.3" });
  });

  it("refuses an answer that is not a health report", async () => {
    server.use(http.get("*/api/v1/health", () => HttpResponse.json({ status: 1 })));
    await expect(checkHealth()).rejects.toThrow("version");
  });

  it("reports an outage in words", async () => {
    server.use(http.get("*/api/v1/health", () => HttpResponse.error()));
    await expect(checkHealth()).rejects.toMatchObject({
      status: NO_ANSWER,
      message: "The server cannot be reached. Check your connection.",
    });
  });

  it("survives an error page that is not JSON", async () => {
    server.use(http.get("*/api/v1/health", () => new HttpResponse("<html>", { status: 503 })));
    await expect(checkHealth()).rejects.toMatchObject({
      status: 503,
      message: "The server has a problem. Please try again in a moment.",
    });
  });
});

const ALL = { q: "", show: "all", sort: "newest" } as const;

describe("todos", () => {
  it("are asked for as the page shows them, from a cursor on", async () => {
    let asked = "";
    server.use(
      http.get("*/api/v1/todos", ({ request }) => {
        asked = new URL(request.url).search;
        return HttpResponse.json([], { headers: { "X-Next-Cursor": "c2" } });
      }),
    );
    const page = await getTodos({ q: "a&b", show: "active", sort: "priority" }, "c1");
    expect(Object.fromEntries(new URLSearchParams(asked))).toEqual({
      q: "a&b",
      completed: "false",
      sort: "-priority",
      cursor: "c1",
      limit: "100",
    });
    expect(page).toEqual({ items: [], total: null, next: "c2" });
  });

  it("are refused a change that is based on another version", async () => {
    server.use(...todoHandlers([todo({ version: 2 })]).handlers);
    await expect(updateTodo(1, { completed: true }, 1)).rejects.toMatchObject({ status: 412 });
    await expect(deleteTodo(1, 1)).rejects.toMatchObject({ status: 412 });
    await expect(getTodo(1)).resolves.toMatchObject({ version: 2 });
  });

  it("come as a page with the total", async () => {
    server.use(...todoHandlers([todo({ id: 2 }), todo()]).handlers);
    await expect(getTodos(ALL)).resolves.toEqual({
      items: [todo({ id: 2 }), todo()],
      total: 2,
      next: null,
    });
  });

  it("count themselves when the total is missing", async () => {
    server.use(http.get("*/api/v1/todos", () => HttpResponse.json([todo()])));
    await expect(getTodos(ALL)).resolves.toMatchObject({ total: 1 });
  });

  it("are created with defaults, changed and deleted", async () => {
    const { state, handlers } = todoHandlers([]);
    server.use(...handlers);
    await expect(createTodo({ title: " Tea " }, "k")).resolves.toMatchObject({
      title: "Tea",
      priority: 0,
      completed: false,
    });
    await expect(updateTodo(1, { completed: true }, 1)).resolves.toMatchObject({ completed: true });
    await deleteTodo(1, 2);
    expect(state.requests).toEqual(["POST Tea", 'PATCH 1 {"completed":true}', "DELETE 1"]);
  });

  it("never leave the browser when they break a rule", async () => {
    await expect(createTodo({ title: "" }, "k")).rejects.toThrow("Give it a title");
  });

  it("carry the problem when the server refuses", async () => {
    server.use(http.delete("*/api/v1/todos/:id", () => problem(404, "Todo 9 does not exist.")));
    await expect(deleteTodo(9, 1)).rejects.toMatchObject({
      status: 404,
      message: "Todo 9 does not exist.",
    });
  });
});
