/** @jest-environment node */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { logger } from "@/lib/logger";
import { proxyToBackend } from "@/lib/backend-proxy";

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
    expect(seen.headers).not.toHaveProperty("te");
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
    expect(await answer.json()).toMatchObject({ status: 502, title: "Bad Gateway" });
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
      "cache-control": "no-store, no-transform",
      "content-type": "text/plain;charset=UTF-8",
    });
  });

  it("reaches nothing outside the API", async () => {
    const answer = await proxyToBackend(new Request("http://app.test/api/v1/../../metrics"));
    expect(answer.status).toBe(404);
  });

  it("stops quietly when the visitor leaves", async () => {
    const gone = AbortSignal.abort();
    const answer = await proxyToBackend(
      new Request("http://app.test/api/v1/todos", { signal: gone }),
    );
    expect(answer.status).toBe(499);
  });
});
