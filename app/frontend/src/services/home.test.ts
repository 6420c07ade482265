/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import { http, HttpResponse } from "msw";
import { logger } from "@/lib/logger";
import { isSignedIn, loadHome } from "@/services/home";
import { ada, problem, server, startServer, todo } from "@/test/server";

startServer();

beforeAll(() => {
  logger.level = "silent";
  process.env.BACKEND_URL = "http://backend.test";
});

function cookies(...names: string[]) {
  return {
    has: (name: string) => names.includes(name),
    toString: () => names.map((name) => `${name}=x`).join("; "),
  };
}

const ALL = { q: "", show: "all", sort: "newest" } as const;
const access = "refapp_access";
const refresh = "refapp_refresh";

describe("the first render of home", () => {
  it("has the visitor and the todos, asked for with the visitor's cookies", async () => {
    const seen: (string | null)[] = [];
    server.use(
      http.get("http://backend.test/api/v1/auth/me", ({ request }) => {
        seen.push(request.headers.get("cookie"));
        return HttpResponse.json(ada);
      }),
      http.get("http://backend.test/api/v1/todos", () => HttpResponse.json([todo()])),
    );
    await expect(loadHome(cookies(access), ALL)).resolves.toEqual({
      user: ada,
      todos: { items: [todo()], total: 1, next: null },
    });
    expect(seen).toEqual(["refapp_access=x"]);
  });

  it("sends strangers to sign in", async () => {
    await expect(loadHome(cookies(), ALL)).resolves.toBeNull();
  });

  it("leaves a renewable session to the browser", async () => {
    await expect(loadHome(cookies(refresh), ALL)).resolves.toEqual({});
  });

  it.each([
    [[access], null],
    [[access, refresh], {}],
  ])("with the refused cookies %j gives %j", async (names, expected) => {
    server.use(
      http.get("*/api/v1/auth/me", () => problem(401, "Expired.")),
      http.get("*/api/v1/todos", () => problem(401, "Expired.")),
    );
    await expect(loadHome(cookies(...names), ALL)).resolves.toEqual(expected);
  });

  it("renders without data when the backend is down", async () => {
    const warn = jest.spyOn(logger, "warn");
    server.use(http.get("*/api/v1/*", () => HttpResponse.error()));
    await expect(loadHome(cookies(access), ALL)).resolves.toEqual({});
    expect(warn).toHaveBeenCalledWith(
      { reason: "TypeError: Failed to fetch" },
      "rendering home without data",
    );
  });
});

describe("being signed in", () => {
  it("takes a cookie that the backend confirms", async () => {
    server.use(http.get("*/api/v1/auth/me", () => HttpResponse.json(ada)));
    await expect(isSignedIn(cookies(access))).resolves.toBe(true);
    await expect(isSignedIn(cookies(refresh))).resolves.toBe(false);
  });

  it("is denied by a stale cookie", async () => {
    server.use(http.get("*/api/v1/auth/me", () => problem(401, "Expired.")));
    await expect(isSignedIn(cookies(access))).resolves.toBe(false);
  });
});
