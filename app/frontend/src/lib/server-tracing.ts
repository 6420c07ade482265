import { registerOTel } from "@vercel/otel";
import { backendUrl, tracesEndpoint } from "@/lib/env";

/** Spans of Next and of its requests; the trace goes on in the backend and nowhere else. */
export function startServerTracing(): void {
  registerOTel({
    serviceName: "frontend",
    instrumentationConfig: {
      fetch: {
        propagateContextUrls: [backendUrl()],
        ignoreUrls: [tracesEndpoint() ?? ""],
      },
    },
  });
}
