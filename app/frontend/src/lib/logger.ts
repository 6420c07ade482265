import { pino, stdTimeFunctions, type DestinationStream, type Logger } from "pino";
import { logLevel } from "@/lib/env";
import { toLogEntry } from "@/lib/log-entry";
import { ship } from "@/lib/log-shipping";

/**
 * One logger for both sides. On the server: one event a line on standard
 * output, JSON, or for a developer's eyes in development. In the browser: the
 * console, and warnings and errors to the server as well. Code that runs in the
 * browser gets it through `report`, which loads it late.
 */
export const logger = typeof window === "undefined" ? serverLogger() : browserLogger();

function serverLogger(): Logger {
  return pino(
    {
      level: logLevel(),
      base: { service: "frontend" },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ["headers.cookie", "headers.authorization"],
    },
    // Compared right here: the build then knows that it is false and leaves the rest out.
    process.env.NODE_ENV === "development" ? readable() : undefined,
  );
}

function browserLogger(): Logger {
  // The server's setting, which the layout writes on the document.
  const level = document.documentElement.dataset.logLevel ?? "info";
  const isQuiet = ["error", "fatal", "silent"].includes(level);
  return pino({
    level,
    browser: {
      transmit: {
        // pino would send what its own level leaves out.
        level: isQuiet ? level : "warn",
        send: (_level, event) => ship(toLogEntry(event, window.location.pathname)),
      },
    },
  });
}

/** In this process: a transport would be a worker, which a bundle cannot find. */
function readable(): DestinationStream | undefined {
  if (process.env.NODE_ENV !== "development") return undefined;
  // The bundler knows the answer, and keeps what only Node can run out of the browser's bundle.
  if (typeof window !== "undefined") return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would ship it
  const { build } = require("pino-pretty") as typeof import("pino-pretty");
  return build({
    ignore: "service",
    singleLine: true,
    sync: true,
    translateTime: "SYS:HH:MM:ss",
  });
}
