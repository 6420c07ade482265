import { isSpanContextValid, trace } from "@opentelemetry/api";

type TraceContext = {
  traceId: string;
  traceparent: string;
  /** Whether `tracestate` still belongs to it: it may travel only with the caller's traceparent. */
  isCallers: boolean;
};

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/;

/** The W3C trace that a request belongs to: the current span's, else the caller's, else a new one. */
export function traceContextOf(headers: Headers): TraceContext {
  const given = headers.get("traceparent") ?? "";
  const callers = TRACEPARENT.exec(given)?.[1];
  const span = trace.getActiveSpan()?.spanContext();
  if (span && isSpanContextValid(span))
    return {
      traceId: span.traceId,
      traceparent: format(span.traceId, span.spanId, span.traceFlags),
      isCallers: callers === span.traceId,
    };
  if (callers) return { traceId: callers, traceparent: given, isCallers: true };
  const traceId = randomHex(16);
  return { traceId, traceparent: format(traceId, randomHex(8), 1), isCallers: false };
}

function format(traceId: string, spanId: string, flags: number): string {
  return `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, "0")}`;
}

function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
}
