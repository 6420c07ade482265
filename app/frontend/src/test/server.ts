import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import type { Todo } from "@/services/types";

/** The backend as tests see it; each test overrides what it is about. */
export const server = setupServer(
  http.get("*/api/v1/health", () =>
    HttpResponse.json({
      status: "healthy",
      timestamp: "2026-01-02T03:04:05Z",
      version: "1.2.3",
      service: "backend",
    }),
  ),
);

export function startServer(): void {
  beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
}

export function problem(status: number, detail: string, errors?: object[]) {
  return HttpResponse.json(
    {
      type: "about:blank",
      title: "Problem",
      status,
      detail,
      instance: "/",
      errors: errors ?? null,
    },
    { status, headers: { "content-type": "application/problem+json" } },
  );
}

export function todo(overrides: Partial<Todo> = {}): Todo {
  return {
    id: 1,
    title: "Water the plants",
    description: null,
    completed: false,
    priority: 0,
    created_at: "2026-01-02T03:04:05Z",
    updated_at: null,
    ...overrides,
  };
}

export const ada = {
  id: 7,
  email: "ada@example.com",
  name: "Ada",
  created_at: "2026-01-02T03:04:05Z",
};

/** A backend with a memory, for tests about what happens over several requests. */
export function todoHandlers(todos: Todo[]) {
  const state = { todos: [...todos], requests: [] as string[] };
  const handlers = [
    http.get("*/api/v1/todos", ({ request }) => {
      const query = new URL(request.url).searchParams;
      const skip = Number(query.get("skip"));
      const limit = Number(query.get("limit"));
      return HttpResponse.json(state.todos.slice(skip, skip + limit), {
        headers: { "X-Total-Count": String(state.todos.length) },
      });
    }),
    http.post("*/api/v1/todos", async ({ request }) => {
      const id = Math.max(0, ...state.todos.map((each) => each.id)) + 1;
      const made = todo({ ...((await request.json()) as Partial<Todo>), id });
      state.todos.unshift(made);
      state.requests.push(`POST ${made.title}`);
      return HttpResponse.json(made, { status: 201 });
    }),
    http.patch("*/api/v1/todos/:id", async ({ request, params }) => {
      const index = state.todos.findIndex((each) => each.id === Number(params.id));
      const changes = (await request.json()) as Partial<Todo>;
      const changed = { ...todo(state.todos[index]), ...changes };
      state.todos[index] = changed;
      state.requests.push(`PATCH ${params.id} ${JSON.stringify(changes)}`);
      return HttpResponse.json(changed);
    }),
    http.delete("*/api/v1/todos/:id", ({ params }) => {
      state.todos = state.todos.filter((each) => each.id !== Number(params.id));
      state.requests.push(`DELETE ${params.id}`);
      return new HttpResponse(null, { status: 204 });
    }),
  ];
  return { state, handlers };
}
