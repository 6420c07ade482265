import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { FetchInstrumentation } from "@opentelemetry/instrumentation-fetch";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { WebTracerProvider } from "@opentelemetry/sdk-trace-web";
import { withoutQueries } from "@/lib/span-queries";

/** What telemetry itself sends; a span of it would be sent in turn. */
const OWN_PATHS = /\/api\/(logs|traces)$/;

/** Its span would be as long as the page is open. */
const STREAM_PATH = /\/api\/v1\/stream(\?|$)/;

/** Spans of the page's requests. The trace goes on at this origin only, which is the default. */
export function startBrowserTracing(): void {
  const url = new URL("/api/traces", window.location.origin).href;
  const provider = new WebTracerProvider({
    resource: resourceFromAttributes({ "service.name": "frontend-browser" }),
    spanProcessors: [withoutQueries, new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  provider.register();
  registerInstrumentations({
    instrumentations: [
      new FetchInstrumentation({
        ignoreUrls: [OWN_PATHS, STREAM_PATH],
        clearTimingResources: true,
      }),
    ],
  });
}
