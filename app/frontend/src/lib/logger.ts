import { pino, stdTimeFunctions } from "pino";

/**
 * One JSON line an event, on standard output. Pretty printing is a pipe
 * (`pnpm dev:pretty`): a transport would be a worker that the standalone
 * build cannot find.
 */
export const logger = pino({
  level: process.env.LOG_LEVEL || "info",
  base: { service: "frontend" },
  timestamp: stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  redact: ["headers.cookie", "headers.authorization"],
});
