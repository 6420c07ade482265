import { delay, http, HttpResponse } from "msw";
import { NO_ANSWER } from "@/lib/api-error";
import { getTodos, createTodo } from "@/services/api";
import { getMe, login } from "@/services/auth";
import { refreshSession } from "@/services/refresh";
import { problem, server, startServer, todo } from "@/test/server";

startServer();

const ALL = { q: "", show: "all", sort: "newest" } as const;

const REFUSAL = problem(401, "Sign in again.");

/** A backend whose session has expired until it is refreshed. */
function expiredSession({
  renewable,
  refusal = REFUSAL,
}: {
  renewable: boolean;
  refusal?: Response;
}) {
  const seen = { refreshes: 0, bodies: [] as unknown[] };
  let valid = false;
  server.use(
    http.post("*/api/v1/auth/refresh", () => {
      seen.refreshes += 1;
      valid = renewable;
      return renewable ? HttpResponse.json({}) : refusal.clone();
    }),
    http.get("*/api/v1/todos", () =>
      valid ? HttpResponse.json([todo()]) : problem(401, "The session has expired."),
    ),
    http.post("*/api/v1/todos", async ({ request }) => {
      if (!valid) return problem(401, "The session has expired.");
      seen.bodies.push(await request.json());
      return HttpResponse.json(todo(), { status: 201 });
    }),
  );
  return seen;
}

describe("an expired session", () => {
  it("is renewed once for all requests that wait for it", async () => {
    const seen = expiredSession({ renewable: true });
    const pages = await Promise.all([getTodos(ALL), getTodos(ALL), getTodos(ALL)]);
    expect(pages.map((page) => page.items.length)).toEqual([1, 1, 1]);
    expect(seen.refreshes).toBe(1);
  });

  it("costs a request with a body nothing", async () => {
    const seen = expiredSession({ renewable: true });
    await createTodo({ title: "Tea" }, "k");
    expect(seen.bodies).toMatchObject([{ title: "Tea" }]);
  });

  it("ends when it cannot be renewed", async () => {
    expiredSession({ renewable: false });
    await expect(getTodos(ALL)).rejects.toMatchObject({ status: 401 });
  });

  it("can be renewed again later", async () => {
    const seen = expiredSession({ renewable: true });
    await refreshSession();
    await refreshSession();
    expect(seen.refreshes).toBe(2);
  });

  it.each([
    ["an outage", problem(503, "Try later."), { status: 503, message: "Try later." }],
    ["no answer of the backend", problem(502, "Gone."), { status: 502, message: "Gone." }],
    ["a distrusted origin", problem(403, "Not from here."), { status: 403 }],
    ["too many attempts", problem(429, "Wait."), { status: 429 }],
    ["a lack of network", HttpResponse.error(), { status: NO_ANSWER }],
  ])("is not over because %s keeps it from being renewed", async (_what, refusal, failure) => {
    const seen = expiredSession({ renewable: false, refusal });
    // Together, because they share one answer, which each of them reads.
    const results = await Promise.allSettled([getTodos(ALL), createTodo({ title: "Tea" }, "k")]);
    for (const result of results)
      expect(result).toMatchObject({ status: "rejected", reason: failure });
    expect(seen.refreshes).toBe(1);
  });

  it("is not waited for without end", async () => {
    const seen = expiredSession({ renewable: false });
    const { timeout } = AbortSignal;
    jest.spyOn(AbortSignal, "timeout").mockImplementation(() => timeout.call(AbortSignal, 50));
    server.use(
      http.post("*/api/v1/auth/refresh", async () => {
        seen.refreshes += 1;
        await delay("infinite");
      }),
      http.get("*/api/v1/auth/me", () => delay("infinite")),
    );
    await expect(getMe()).rejects.toMatchObject({ status: NO_ANSWER });
    await expect(getTodos(ALL)).rejects.toMatchObject({ status: NO_ANSWER });
    expect(seen.refreshes).toBe(1);
    jest.restoreAllMocks();
  });

  it("is renewed by one tab at a time where the browser can", async () => {
    expiredSession({ renewable: true });
    const request = jest.fn((_name: string, task: () => Promise<Response>) => task());
    Object.defineProperty(navigator, "locks", { value: { request }, configurable: true });
    await expect(refreshSession()).resolves.toHaveProperty("ok", true);
    expect(request).toHaveBeenCalledTimes(1);
    Reflect.deleteProperty(navigator, "locks");
  });

  it("is not what wrong credentials mean", async () => {
    const seen = expiredSession({ renewable: true });
    server.use(http.post("*/api/v1/auth/login", () => problem(401, "Wrong.")));
    await expect(login({ email: "a@b.co", password: "x" })).rejects.toThrow("Wrong.");
    expect(seen.refreshes).toBe(0);
  });
});
