import * as z from "zod/mini";
import { tracesEndpoint, tracesHeaders } from "@/lib/env";
import { createIntake } from "@/lib/intake";
import { parseJson } from "@/lib/json";
import { logger } from "@/lib/logger";
import { problemResponse } from "@/lib/problem-response";
import { reasonOf } from "@/lib/reason";

export const dynamic = "force-dynamic";

const TIMEOUT_MS = 5_000;

const admit = createIntake({ bytes: 256 * 1024, burst: 20, aMinute: 60 });

const otlpSchema = z.object({ resourceSpans: z.array(z.looseObject({})) });

/** Hands the spans of browsers to the collector, which they cannot reach and need not know. */
export async function POST(request: Request): Promise<Response> {
  const endpoint = tracesEndpoint();
  if (!endpoint) return problemResponse(request, 404, "Tracing is off.");
  const body = await admit(request);
  if (body instanceof Response) return body;
  const spans = otlpSchema.safeParse(parseJson(body));
  if (!spans.success) return problemResponse(request, 400, "This is not OTLP.");
  try {
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: { ...tracesHeaders(), "content-type": "application/json" },
      body: JSON.stringify(spans.data),
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.ok) return Response.json({});
    logger.warn({ status: answer.status }, "the collector refused a browser's spans");
  } catch (error) {
    logger.warn({ reason: reasonOf(error) }, "the collector did not answer");
  }
  return problemResponse(request, 502, "The collector did not take it.");
}
