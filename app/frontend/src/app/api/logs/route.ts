import { browserFamily } from "@/lib/browser-family";
import { createIntake } from "@/lib/intake";
import { parseJson } from "@/lib/json";
import { BATCH_BYTES_MAX, MESSAGE_MAX, PATH_MAX, STACK_MAX } from "@/lib/log-limits";
import { logger } from "@/lib/logger";
import { problemResponse } from "@/lib/problem-response";
import { scrub } from "@/lib/scrub";
import { browserLogSchema, type LogEntry } from "@/schemas/browser-log";

export const dynamic = "force-dynamic";

const admit = createIntake({ bytes: BATCH_BYTES_MAX, burst: 10, aMinute: 20 });

/** Writes what browsers report to the server's log. */
export async function POST(request: Request): Promise<Response> {
  const body = await admit(request);
  if (body instanceof Response) return body;
  const batch = browserLogSchema.safeParse(parseJson(body));
  if (!batch.success) return problemResponse(request, 400, "This is not a batch of log entries.");
  const browser = browserFamily(request.headers.get("user-agent"));
  for (const entry of batch.data.entries) write(entry, browser);
  return new Response(null, { status: 204 });
}

/** Scrubbed again: anyone can send anything, and a page from an older build may have. */
function write(entry: LogEntry, browser: string): void {
  logger[entry.level](
    {
      source: "browser",
      browser,
      at: entry.time,
      path: scrub(entry.path, PATH_MAX),
      stack: entry.stack && scrub(entry.stack, STACK_MAX),
      request_id: entry.requestId,
      trace_id: entry.traceId,
    },
    scrub(entry.message, MESSAGE_MAX),
  );
}
