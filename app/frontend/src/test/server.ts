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
    version: 1,
    ...overrides,
  };
}

export const ada = {
  id: 7,
  email: "ada@example.com",
  name: "Ada",
  created_at: "2026-01-02T03:04:05Z",
};

const ORDERS: Record<string, (a: Todo, b: Todo) => number> = {
  "-id": (a, b) => b.id - a.id,
  id: (a, b) => a.id - b.id,
  "-priority": (a, b) => b.priority - a.priority || b.id - a.id,
  title: (a, b) => a.title.localeCompare(b.title) || a.id - b.id,
};

/** A backend with a memory, for tests about what happens over several requests. */
export function todoHandlers(todos: Todo[]) {
  const state = { todos: [...todos], requests: [] as string[] };
  const answers = new Map<string, Todo>();

  const find = (id: unknown) => state.todos.find((each) => each.id === Number(id));
  const refusal = (request: Request, found: Todo | undefined) => {
    if (!found) return problem(404, "Todo not found");
    const expected = request.headers.get("If-Match");
    if (expected !== null && expected !== `"${found.version}"`)
      return problem(412, `The todo has changed: it is at version ${found.version} now.`);
  };

  const handlers = [
    http.get("*/api/v1/todos", ({ request }) => {
      const query = new URL(request.url).searchParams;
      const [q, completed] = [query.get("q") ?? "", query.get("completed")];
      const [skip, limit] = [Number(query.get("cursor")), Number(query.get("limit"))];
      const listed = state.todos
        .filter((each) => completed === null || String(each.completed) === completed)
        .filter((each) => `${each.title}\n${each.description}`.toLowerCase().includes(q))
        .sort(ORDERS[query.get("sort") ?? "-id"]);
      const headers = new Headers();
      if (skip + limit < listed.length) headers.set("X-Next-Cursor", String(skip + limit));
      if (!query.has("cursor")) headers.set("X-Total-Count", String(listed.length));
      return HttpResponse.json(listed.slice(skip, skip + limit), { headers });
    }),
    http.get("*/api/v1/todos/:id", ({ params }) => {
      const found = find(params.id);
      return found ? HttpResponse.json(found) : problem(404, "Todo not found");
    }),
    http.post("*/api/v1/todos", async ({ request }) => {
      const key = request.headers.get("Idempotency-Key") ?? "";
      const id = Math.max(0, ...state.todos.map((each) => each.id)) + 1;
      const made =
        answers.get(key) ?? todo({ ...((await request.json()) as Partial<Todo>), id, version: 1 });
      if (!answers.has(key)) state.todos.unshift(made);
      if (key) answers.set(key, made);
      state.requests.push(`POST ${made.title}`);
      return HttpResponse.json(made, { status: 201 });
    }),
    http.patch("*/api/v1/todos/:id", async ({ request, params }) => {
      const found = find(params.id);
      const changes = (await request.json()) as Partial<Todo>;
      state.requests.push(`PATCH ${params.id} ${JSON.stringify(changes)}`);
      const refused = refusal(request, found);
      if (refused || !found) return refused;
      const changed = { ...found, ...changes, version: found.version + 1 };
      state.todos = state.todos.map((each) => (each === found ? changed : each));
      return HttpResponse.json(changed);
    }),
    http.delete("*/api/v1/todos/:id", ({ request, params }) => {
      const found = find(params.id);
      state.requests.push(`DELETE ${params.id}`);
      const refused = refusal(request, found);
      if (refused) return refused;
      state.todos = state.todos.filter((each) => each !== found);
      return new HttpResponse(null, { status: 204 });
    }),
  ];
  return { state, handlers };
}
