/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import { trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { onRequestError, register } from "@/instrumentation";
import { logger } from "@/lib/logger";
import { startServerTracing } from "@/lib/server-tracing";
import { withoutQueries } from "@/lib/span-queries";
import { traceContextOf } from "@/lib/trace-context";

// The real one is an ES module that redeclares what Jest's wrapper declares.
jest.mock("@/lib/server-tracing", () => ({ startServerTracing: jest.fn() }));

const TRACE = "0af7651916cd43dd8448eb211c80319c";

beforeEach(() => {
  jest.replaceProperty(process, "env", { ...process.env, NEXT_RUNTIME: "nodejs" });
});
afterEach(() => jest.restoreAllMocks());

describe("tracing on the server", () => {
  it.each([
    [{}, 0],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.test:4318" }, 1],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://collector.test/v1/traces" }, 1],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.test:4318", OTEL_SDK_DISABLED: "True" }, 0],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.test:4318", OTEL_TRACES_EXPORTER: "" }, 1],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.test:4318", OTEL_TRACES_EXPORTER: "none" },
      0,
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.test:4318", NEXT_RUNTIME: "edge" }, 0],
  ])("with %j starts %d times", async (env, times) => {
    jest.mocked(startServerTracing).mockClear();
    Object.assign(process.env, env);
    await register();
    expect(startServerTracing).toHaveBeenCalledTimes(times);
  });

  it("goes on from the span that serves the request", () => {
    const spanId = "b7ad6b7169203331";
    const span = trace.wrapSpanContext({ traceId: TRACE, spanId, traceFlags: 1 });
    jest.spyOn(trace, "getActiveSpan").mockReturnValue(span);
    const traceparent = `00-${TRACE}-${spanId}-01`;
    const callers = new Headers({ traceparent: `00-${TRACE}-00f067aa0ba902b7-01` });
    expect(traceContextOf(callers)).toEqual({ traceId: TRACE, traceparent, isCallers: true });
    expect(traceContextOf(new Headers())).toMatchObject({ traceparent, isCallers: false });
  });
});

describe("a span", () => {
  it("has neither in its attributes nor in its name what someone searched for", async () => {
    const exporter = new InMemorySpanExporter();
    const sending = new SimpleSpanProcessor(exporter);
    const provider = new BasicTracerProvider({ spanProcessors: [withoutQueries, sending] });
    const attributes = {
      "url.full": "https://app.test/api/v1/todos?q=diary#diary",
      "url.query": "q=diary",
      "http.url": "http://backend.test/api/v1/todos?q=diary",
      "http.target": "/api/v1/todos?q=a\ndiary",
      "http.route": "/api/v1/todos",
    };
    const name = "fetch GET http://backend.test/api/v1/todos?q=diary";
    provider.getTracer("test").startSpan(name, { attributes }).end();
    await provider.forceFlush();

    const [span] = exporter.getFinishedSpans();
    expect(span?.name).toBe("fetch GET http://backend.test/api/v1/todos");
    expect(span?.attributes).toEqual({
      "url.full": "https://app.test/api/v1/todos",
      "url.query": "REDACTED",
      "http.url": "http://backend.test/api/v1/todos",
      "http.target": "/api/v1/todos",
      "http.route": "/api/v1/todos",
    });
  });
});

describe("a request that failed", () => {
  it("is logged with the digest that the visitor sees, and without its query", async () => {
    const log = jest.spyOn(logger, "error").mockReturnValue();
    const err = Object.assign(new Error("boom"), { digest: "d1" });
    const request = { path: "/?q=diary", method: "GET", headers: {} };
    const context = { routePath: "/", routerKind: "App Router", routeType: "render" } as never;
    await onRequestError(err, request, context);
    expect(log).toHaveBeenCalledWith(
      { err, digest: "d1", method: "GET", path: "/", route: "/" },
      "a request failed",
    );
  });
});
