/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readdir } from "node:fs/promises";
import { logger } from "@/lib/logger";
import { proxyToBackend } from "@/lib/backend-proxy";
import config from "../../next.config";

type Seen = Pick<IncomingMessage, "method" | "url" | "headers"> & { body: string };

let backend: Server;
let seen: Seen;

beforeAll(async () => {
  logger.level = "silent";
  backend = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      seen = { method: request.method, url: request.url, headers: request.headers, body };
      response.setHeader("set-cookie", ["a=1; HttpOnly", "b=2; HttpOnly"]);
      response.setHeader("keep-alive", "timeout=5");
      response.statusCode = 201;
      response.end("made");
    });
  });
  await new Promise<void>((done) => backend.listen(0, "127.0.0.1", done));
});

beforeEach(() => {
  process.env.BACKEND_URL = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
});

afterEach(() => jest.restoreAllMocks());
afterAll(() => backend.close());

describe("the proxy", () => {
  it("passes method, query, body, cookies and origin on", async () => {
    const answer = await proxyToBackend(
      new Request("http://app.test/api/v1/todos?skip=1", {
        method: "POST",
        body: '{"title":"x"}',
        headers: {
          cookie: "refapp_access=t",
          origin: "http://app.test",
          "sec-fetch-site": "same-origin",
          te: "trailers",
          // What a caller names is for the next hop alone, whatever it is.
          connection: "keep-alive, x-hop",
          "x-hop": "1",
          "proxy-connection": "keep-alive",
          // curl asks so before a large body; undici would refuse to.
          expect: "100-continue",
        },
      }),
    );
    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe("made");
    expect(seen).toMatchObject({
      method: "POST",
      url: "/api/v1/todos?skip=1",
      body: '{"title":"x"}',
      headers: {
        cookie: "refapp_access=t",
        origin: "http://app.test",
        "sec-fetch-site": "same-origin",
        "x-forwarded-host": "app.test",
        "x-forwarded-proto": "http",
        "accept-encoding": "identity",
      },
    });
    for (const name of ["te", "x-hop", "proxy-connection", "expect"])
      expect(seen.headers).not.toHaveProperty(name);
  });

  it("gives every cookie back, and no header of the connection", async () => {
    const answer = await proxyToBackend(new Request("http://app.test/api/v1/todos"));
    expect(answer.headers.getSetCookie()).toEqual(["a=1; HttpOnly", "b=2; HttpOnly"]);
    expect(answer.headers.has("keep-alive")).toBe(false);
    expect(answer.headers.get("cache-control")).toBe("no-cache, no-transform");
  });

  it("answers with a problem when the backend is down", async () => {
    process.env.BACKEND_URL = "http://127.0.0.1:1";
    const answer = await proxyToBackend(new Request("http://app.test/api/v1/todos"));
    expect(answer.status).toBe(502);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toEqual({
      type: "about:blank",
      title: "Bad Gateway",
      status: 502,
      detail: "The server cannot be reached. Check your connection.",
      instance: "/api/v1/todos",
    });
  });

  it("says in the log why, and how long it took", async () => {
    process.env.BACKEND_URL = "http://127.0.0.1:1";
    const error = jest.spyOn(logger, "error");
    await proxyToBackend(new Request("http://app.test/api/v1/todos?q=diary", { method: "DELETE" }));
    const [facts, words] = error.mock.calls[0] ?? [];
    expect(words).toBe("the backend did not answer");
    expect(facts).toEqual({
      method: "DELETE",
      path: "/api/v1/todos",
      status: 502,
      ms: expect.any(Number),
      request_id: expect.any(String),
      trace_id: expect.any(String),
      reason: expect.stringContaining("fetch failed"),
    });
    expect((facts as unknown as { ms: number }).ms).toBeLessThan(performance.now() / 2);
  });

  it("keeps what a proxy in front says of the visitor, and the length of a plain answer", async () => {
    const debug = jest.spyOn(logger, "debug");
    const forwarded = { "x-forwarded-host": "shop.test", "x-forwarded-proto": "https" };
    const answer = await proxyToBackend(
      new Request("http://app.test/api/v1/todos", { headers: forwarded }),
    );
    expect(seen.headers).toMatchObject(forwarded);
    expect(answer.headers.get("content-length")).toBe("4");
    expect(debug.mock.calls[0]?.[1]).toBe("proxied");
  });

  it("drops the encoding that it has undone, and keeps what the backend says about caching", async () => {
    jest.spyOn(globalThis, "fetch").mockResolvedValueOnce(
      new Response("plain", {
        headers: {
          "content-encoding": "gzip",
          "content-length": "3",
          "cache-control": "no-store, no-transform",
        },
      }),
    );
    const answer = await proxyToBackend(new Request("http://app.test/api/v1/todos"));
    expect(Object.fromEntries(answer.headers)).toEqual({
      "x-request-id": expect.any(String),
      "cache-control": "no-store, no-transform",
      "content-type": "text/plain;charset=UTF-8",
    });
  });

  it.each([
    "/metrics",
    "/api/v1/../../metrics",
    "/api/v1/%2e%2e/%2E%2E/metrics",
    "/api/v1\\..\\..\\metrics",
    "//metrics.test/api/v1/../../metrics",
  ])("reaches nothing outside the API by %s", async (path) => {
    const asked = jest.spyOn(globalThis, "fetch");
    const answer = await proxyToBackend(new Request(`http://app.test${path}`));
    expect(answer.status).toBe(404);
    expect((await answer.json()).detail).toBe("No such resource.");
    expect(asked).not.toHaveBeenCalled();
  });

  it("hands an encoded way out on as it is, which the backend knows no page for", async () => {
    await proxyToBackend(new Request("http://app.test/api/v1/..%2f..%2fmetrics"));
    expect(seen.url).toBe("/api/v1/..%2f..%2fmetrics");
  });

  it("is the only way to the backend", async () => {
    const routes = (await readdir("src/app", { recursive: true })).filter((path) =>
      /(^|\/)route\.[jt]sx?$/.test(path),
    );
    // The other two are this server's own: what they take, they do not hand to the backend.
    expect(routes.sort()).toEqual([
      "api/logs/route.ts",
      "api/traces/route.ts",
      "api/v1/[...path]/route.ts",
    ]);
    expect(Object.keys(config)).not.toContain("rewrites");
  });

  it("stops quietly when the visitor leaves", async () => {
    const gone = AbortSignal.abort();
    const answer = await proxyToBackend(
      new Request("http://app.test/api/v1/todos", { signal: gone }),
    );
    expect(answer.status).toBe(499);
  });

  describe("names each request, for both sides' logs and for the caller", () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const todos = (headers = {}) =>
      proxyToBackend(new Request("http://app.test/api/v1/todos", { headers }));

    it("by what the caller calls it", async () => {
      const debug = jest.spyOn(logger, "debug");
      const answer = await todos({ "x-request-id": "r-1", traceparent, tracestate: "a=b" });
      expect(answer.headers.get("x-request-id")).toBe("r-1");
      expect(seen.headers).toMatchObject({ "x-request-id": "r-1", traceparent, tracestate: "a=b" });
      expect(debug.mock.calls[0]?.[0]).toMatchObject({
        request_id: "r-1",
        trace_id: "0af7651916cd43dd8448eb211c80319c",
      });
    });

    it.each([
      ["nothing", {}],
      ["what is no id", { "x-request-id": "x".repeat(129), traceparent: "ff-1-1-1" }],
      ["zeros", { traceparent: `00-${"0".repeat(32)}-b7ad6b7169203331-01`, tracestate: "a=b" }],
    ])("anew when the caller says %s", async (_what, headers) => {
      const answer = await todos(headers);
      expect(seen.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.headers.get("x-request-id")).toBe(seen.headers["x-request-id"]);
      expect(seen.headers.traceparent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(seen.headers).not.toHaveProperty("tracestate");
    });

    it("even when the backend does not answer", async () => {
      process.env.BACKEND_URL = "http://127.0.0.1:1";
      const answer = await todos({ "x-request-id": "r-2" });
      expect(answer.headers.get("x-request-id")).toBe("r-2");
    });
  });
});
