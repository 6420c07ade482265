import type { LogEvent } from "pino";
import { MESSAGE_MAX, PATH_MAX, STACK_MAX } from "@/lib/log-limits";
import { scrub } from "@/lib/scrub";
import type { LogEntry } from "@/schemas/browser-log";

/** What of a log event leaves the browser, without anything personal. */
export function toLogEntry({ messages, level, ts }: LogEvent, path: string): LogEntry {
  const error = messages.map(errorIn).find((each) => each !== undefined);
  const words = messages.filter((each) => typeof each === "string");
  if (error?.message) words.push(error.message);
  return {
    level: level.label === "warn" || level.label === "fatal" ? level.label : "error",
    time: new Date(ts).toISOString(),
    message: scrub(words.join(": "), MESSAGE_MAX),
    path: scrub(path, PATH_MAX),
    ...(error?.stack && { stack: scrub(error.stack, STACK_MAX) }),
    ...(error?.requestId && { requestId: error.requestId }),
  };
}

type ErrorFacts = { message?: string; stack?: string; requestId?: string };

/** An error that is logged itself or, as pino wants it, as `err`. */
function errorIn(message: unknown): ErrorFacts | undefined {
  if (message instanceof Error) return message;
  if (typeof message !== "object" || message === null || !("err" in message)) return undefined;
  const { err } = message;
  return typeof err === "object" && err !== null ? err : { message: String(err) };
}
