import { http, HttpResponse } from "msw";
import { NO_ANSWER } from "@/lib/api-error";
import { checkHealth, createTodo, deleteTodo, getTodos, updateTodo } from "@/services/api";
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

describe("todos", () => {
  it("come as a page with the total", async () => {
    server.use(...todoHandlers([todo({ id: 2 }), todo()]).handlers);
    await expect(getTodos(1)).resolves.toEqual({ items: [todo()], total: 2 });
  });

  it("count themselves when the total is missing", async () => {
    server.use(http.get("*/api/v1/todos", () => HttpResponse.json([todo()])));
    await expect(getTodos(5)).resolves.toMatchObject({ total: 6 });
  });

  it("are created with defaults, changed and deleted", async () => {
    const { state, handlers } = todoHandlers([]);
    server.use(...handlers);
    await expect(createTodo({ title: " Tea " })).resolves.toMatchObject({
      title: "Tea",
      priority: 0,
      completed: false,
    });
    await expect(updateTodo(1, { completed: true })).resolves.toMatchObject({ completed: true });
    await deleteTodo(1);
    expect(state.requests).toEqual(["POST Tea", 'PATCH 1 {"completed":true}', "DELETE 1"]);
  });

  it("never leave the browser when they break a rule", async () => {
    await expect(createTodo({ title: "" })).rejects.toThrow("Give it a title");
  });

  it("carry the problem when the server refuses", async () => {
    server.use(http.delete("*/api/v1/todos/:id", () => problem(404, "Todo 9 does not exist.")));
    await expect(deleteTodo(9)).rejects.toMatchObject({
      status: 404,
      message: "Todo 9 does not exist.",
    });
  });
});
