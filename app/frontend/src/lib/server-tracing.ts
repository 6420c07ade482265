import { registerOTel } from "@vercel/otel";
import { backendUrl, tracesEndpoint } from "@/lib/env";
import { withoutQueries } from "@/lib/span-queries";

/** Spans of Next and of its requests; the trace goes on in the backend and nowhere else. */
export function startServerTracing(): void {
  registerOTel({
    serviceName: "frontend",
    // "auto" is what sends them.
    spanProcessors: [withoutQueries, "auto"],
    instrumentationConfig: {
      fetch: {
        propagateContextUrls: [backendUrl()],
        ignoreUrls: [tracesEndpoint() ?? ""],
      },
    },
  });
}
