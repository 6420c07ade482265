import type { Span, SpanProcessor } from "@opentelemetry/sdk-trace-base";

/** Where instrumentations, old and new, write addresses. */
const ADDRESSES = ["url.full", "http.url", "http.target"];

/** A query may hold what someone searches for: it goes into no span, nor into its name. */
export const withoutQueries: SpanProcessor = {
  onStart(span: Span) {
    for (const key of ADDRESSES) {
      const address = span.attributes[key];
      if (typeof address === "string") span.setAttribute(key, withoutQuery(address));
    }
    if (span.attributes["url.query"] !== undefined) span.setAttribute("url.query", "REDACTED");
    span.updateName(withoutQuery(span.name));
  },
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

function withoutQuery(address: string): string {
  return address.replace(/[?#].*/s, "");
}
