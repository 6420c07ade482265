/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { POST as postLogs } from "@/app/api/logs/route";
import { POST as postTraces } from "@/app/api/traces/route";
import { logger } from "@/lib/logger";

const SAME_ORIGIN = { "sec-fetch-site": "same-origin", "content-type": "application/json" };

let address = 0;

function request(path: string, body: string, headers: Record<string, string> = {}) {
  return new Request(`http://app.test${path}`, {
    method: "POST",
    body,
    headers: { ...SAME_ORIGIN, "x-forwarded-for": `10.0.0.${(address += 1)}`, ...headers },
  });
}

const entry = {
  level: "error",
  time: "2026-01-02T03:04:05.000Z",
  message: "boom for ada@example.com",
  path: "/",
};
const batch = (...entries: object[]) => JSON.stringify({ entries });
const logs = (body: string, headers?: Record<string, string>) =>
  postLogs(request("/api/logs", body, headers));

const error = jest.spyOn(logger, "error").mockReturnValue();
const warn = jest.spyOn(logger, "warn").mockReturnValue();
beforeEach(() => {
  error.mockClear();
  warn.mockClear();
});

describe("logs of browsers", () => {
  it("go to the server's log, marked and without anything personal", async () => {
    const answer = await logs(
      batch(
        { ...entry, stack: "at https://app.test/?q=diary", requestId: "r-1" },
        { ...entry, level: "warn", message: "slow", traceId: "a".repeat(32) },
      ),
      { "user-agent": "Mozilla/5.0 Firefox/140.0 (Ada's laptop)" },
    );
    expect(answer.status).toBe(204);
    expect(error).toHaveBeenCalledWith(
      {
        source: "browser",
        browser: "Firefox",
        at: entry.time,
        path: "/",
        stack: "at https://app.test/",
        request_id: "r-1",
        trace_id: undefined,
      },
      "boom for [hidden]",
    );
    expect(warn).toHaveBeenCalledWith(
      expect.objectContaining({ trace_id: "a".repeat(32) }),
      "slow",
    );
  });

  it.each([
    ["no JSON", "{"],
    ["no entries", batch()],
    ["too many entries", batch(...Array.from({ length: 21 }, () => entry))],
    ["an unknown field", batch({ ...entry, email: "ada@example.com" })],
    ["a level below warnings", batch({ ...entry, level: "info" })],
    ["a long message", batch({ ...entry, message: "x".repeat(501) })],
  ])("are refused when they are %s", async (_what, body) => {
    expect((await logs(body)).status).toBe(400);
    expect(error).not.toHaveBeenCalled();
  });

  it.each([
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
    [{ "sec-fetch-site": "" }, 403],
    [{ "sec-fetch-site": "", origin: "http://evil.test" }, 403],
    [{ "sec-fetch-site": "", origin: "http://app.test" }, 204],
    [{ "sec-fetch-site": "", origin: "https://a.test", "x-forwarded-host": "a.test" }, 204],
    [{ "content-type": "text/plain" }, 415],
    [{ "content-type": "application/json; charset=utf-8" }, 204],
  ])("with %j get %d", async (headers, status) => {
    expect((await logs(batch(entry), headers)).status).toBe(status);
  });

  it("may not be large, whatever their header says", async () => {
    const large = batch({ ...entry, message: "x".repeat(70_000) });
    expect((await logs(large)).status).toBe(413);
    expect((await logs(large, { "content-length": "10" })).status).toBe(413);
    expect((await logs("{}", { "content-length": "99999" })).status).toBe(413);
  });

  it("may not be many from one address, by the nearest proxy's word", async () => {
    const from = (who: string) => logs(batch(entry), { "x-forwarded-for": `made-up, ${who}` });
    const statuses = [];
    for (let each = 0; each < 11; each += 1) statuses.push((await from("192.0.2.1")).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 204), 429]);
    expect((await from("192.0.2.1")).headers.get("retry-after")).toBe("60");
    expect((await from("192.0.2.2")).status).toBe(204);
  });
});

describe("spans of browsers", () => {
  let collector: Server;
  let seen: { url?: string; headers: IncomingHttpHeaders; body: string } | undefined;
  let status = 200;
  let environment: { restore: () => void };

  beforeAll(async () => {
    collector = createServer((incoming, response) => {
      let body = "";
      incoming.on("data", (chunk) => (body += chunk));
      incoming.on("end", () => {
        seen = { url: incoming.url, headers: incoming.headers, body };
        response.writeHead(status).end("{}");
      });
    });
    await new Promise<void>((done) => collector.listen(0, "127.0.0.1", done));
  });
  afterAll(() => collector.close());

  beforeEach(() => {
    seen = undefined;
    status = 200;
    const { port } = collector.address() as AddressInfo;
    environment = jest.replaceProperty(process, "env", {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/`,
      OTEL_EXPORTER_OTLP_HEADERS: "x-key=a%20b, x-other=c=d",
    });
  });

  afterEach(() => environment.restore());

  const spans = JSON.stringify({ resourceSpans: [{ scopeSpans: [] }] });
  const traces = (body = spans, headers?: Record<string, string>) =>
    postTraces(request("/api/traces", body, headers));

  it("go to the collector with the server's headers, and nothing of the visitor's", async () => {
    const answer = await traces(spans, { cookie: "refapp_access=t" });
    expect(answer.status).toBe(200);
    expect(seen).toMatchObject({
      url: "/v1/traces",
      headers: { "x-key": "a b", "x-other": "c=d", "content-type": "application/json" },
      body: spans,
    });
    expect(seen?.headers).not.toHaveProperty("cookie");
  });

  it.each([
    ["OTEL_EXPORTER_OTLP_ENDPOINT", ""],
    ["OTEL_SDK_DISABLED", "true"],
  ])("have nowhere to go with %s=%j", async (name, value) => {
    process.env[name] = value;
    expect((await traces()).status).toBe(404);
    expect(seen).toBeUndefined();
  });

  it("are refused from elsewhere, and when they are none", async () => {
    expect((await traces(spans, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await traces("[]")).status).toBe(400);
    expect((await traces("x".repeat(257 * 1024))).status).toBe(413);
    expect(seen).toBeUndefined();
  });

  it("are lost, and said to be, when the collector is", async () => {
    status = 503;
    expect((await traces()).status).toBe(502);
    process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = "http://127.0.0.1:1/v1/traces";
    expect((await traces()).status).toBe(502);
    expect(warn).toHaveBeenCalledTimes(2);
  });
});
