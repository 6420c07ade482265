const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/**
 * Server settings, read on every use: one build serves every environment, so
 * nothing of it may be frozen into the bundle.
 */
export function backendUrl(): string {
  return process.env.BACKEND_URL || "http://127.0.0.1:8000";
}

export function cookiePrefix(): string {
  return process.env.COOKIE_PREFIX || "refapp";
}

/** How much is logged, in the browser too; what pino does not know means its default. */
export function logLevel(): string {
  const wanted = (process.env.LOG_LEVEL ?? "").toLowerCase();
  return LOG_LEVELS.includes(wanted) ? wanted : "info";
}

/** Where spans go (OTLP over HTTP), by OpenTelemetry's own variables; nothing means no tracing. */
export function tracesEndpoint(): string | undefined {
  const { env } = process;
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === "true") return undefined;
  if ((env.OTEL_TRACES_EXPORTER || "otlp") !== "otlp") return undefined;
  if (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  return base ? `${base.replace(/\/+$/, "")}/v1/traces` : undefined;
}

/** Headers for the collector, as OTLP writes them: `name=value` pairs, percent-encoded. */
export function tracesHeaders(): Record<string, string> {
  const { env } = process;
  const pairs = env.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? env.OTEL_EXPORTER_OTLP_HEADERS ?? "";
  const named = pairs
    .split(",")
    .map((pair) => /^([^=]+)=(.*)$/.exec(pair.trim()))
    .filter((match) => match !== null);
  return Object.fromEntries(
    named.map(([, name = "", value = ""]) => [name.trim(), decodeURIComponent(value.trim())]),
  );
}
