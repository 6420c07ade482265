import { pino, stdTimeFunctions, type DestinationStream } from "pino";

/** One event a line on standard output: JSON, or for a developer's eyes in development. */
export const logger = pino(
  {
    level: process.env.LOG_LEVEL || "info",
    base: { service: "frontend" },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ["headers.cookie", "headers.authorization"],
  },
  // Compared right here: the build then knows that it is false and leaves the rest out.
  process.env.NODE_ENV === "development" ? readable() : undefined,
);

/** In this process: a transport would be a worker, which a bundle cannot find. */
function readable(): DestinationStream | undefined {
  if (process.env.NODE_ENV !== "development") return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would ship it
  const { build } = require("pino-pretty") as typeof import("pino-pretty");
  return build({
    ignore: "service",
    singleLine: true,
    sync: true,
    translateTime: "SYS:HH:MM:ss",
  });
}
