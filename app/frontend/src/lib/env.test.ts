/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import { backendUrl, cookiePrefix, logLevel, tracesEndpoint, tracesHeaders } from "@/lib/env";

const before = process.env;

beforeEach(() => {
  process.env = { NODE_ENV: "test" };
});

afterAll(() => {
  process.env = before;
});

it("has a value where nothing is set", () => {
  expect([backendUrl(), cookiePrefix(), logLevel()]).toEqual([
    "http://127.0.0.1:8000",
    "refapp",
    "info",
  ]);
  expect(tracesEndpoint()).toBeUndefined();
  expect(tracesHeaders()).toEqual({});
});

it("reads what is set at every use", () => {
  Object.assign(process.env, { BACKEND_URL: "http://b", COOKIE_PREFIX: "shop" });
  expect([backendUrl(), cookiePrefix()]).toEqual(["http://b", "shop"]);
  Object.assign(process.env, { BACKEND_URL: "", COOKIE_PREFIX: "" });
  expect([backendUrl(), cookiePrefix()]).toEqual(["http://127.0.0.1:8000", "refapp"]);
});

it.each([
  ["trace", "trace"],
  ["debug", "debug"],
  ["info", "info"],
  ["WARN", "warn"],
  ["error", "error"],
  ["fatal", "fatal"],
  ["Silent", "silent"],
  ["", "info"],
  ["loud", "info"],
])("takes the level %j for %j", (given, level) => {
  process.env.LOG_LEVEL = given;
  expect(logLevel()).toBe(level);
});

it.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4318" }, "http://c:4318/v1/traces"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4318//" }, "http://c:4318/v1/traces"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c//4318" }, "http://c//4318/v1/traces"],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://t/x/" }, "http://t/x/"],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://t" },
    "http://t",
  ],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_SDK_DISABLED: "TRUE" }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_SDK_DISABLED: "no" }, "http://c/v1/traces"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_TRACES_EXPORTER: "none" }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_TRACES_EXPORTER: "otlp" }, "http://c/v1/traces"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_TRACES_EXPORTER: "" }, "http://c/v1/traces"],
])("with %j sends spans to %j", (variables, endpoint) => {
  Object.assign(process.env, variables);
  expect(tracesEndpoint()).toBe(endpoint);
});

it("reads the collector's headers, those for traces before those for all", () => {
  process.env.OTEL_EXPORTER_OTLP_HEADERS = "a=1, b = two%20words ,nothing,=x,c=d=e";
  expect(tracesHeaders()).toEqual({ a: "1", b: "two words", c: "d=e" });
  process.env.OTEL_EXPORTER_OTLP_TRACES_HEADERS = "t=1";
  expect(tracesHeaders()).toEqual({ t: "1" });
});
