import * as z from "zod/mini";
import { ENTRIES_MAX, MESSAGE_MAX, PATH_MAX, STACK_MAX } from "@/lib/log-limits";

const entrySchema = z.strictObject({
  level: z.enum(["warn", "error", "fatal"]),
  time: z.iso.datetime(),
  message: z.string().check(z.maxLength(MESSAGE_MAX)),
  path: z.string().check(z.maxLength(PATH_MAX)),
  stack: z.optional(z.string().check(z.maxLength(STACK_MAX))),
  requestId: z.optional(z.string().check(z.regex(/^[\w.:-]{1,128}$/))),
  traceId: z.optional(z.string().check(z.regex(/^[0-9a-f]{32}$/))),
});

/** What a browser may send to the log: nothing but these fields, so nothing personal by accident. */
export const browserLogSchema = z.strictObject({
  entries: z.array(entrySchema).check(z.minLength(1), z.maxLength(ENTRIES_MAX)),
});

export type LogEntry = z.infer<typeof entrySchema>;
