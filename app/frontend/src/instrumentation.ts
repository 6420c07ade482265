import type { Instrumentation } from "next";
import { tracesEndpoint } from "@/lib/env";

/** Runs once, before the server takes requests. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs" || !tracesEndpoint()) return;
  const { startServerTracing } = await import("@/lib/server-tracing");
  startServerTracing();
}

/** What went wrong while a page was rendered; the visitor sees the same digest. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { logger } = await import("@/lib/logger");
  const [path] = request.path.split("?");
  const digest = error instanceof Error && "digest" in error ? error.digest : undefined;
  logger.error(
    { err: error, digest, method: request.method, path, route: context.routePath },
    "a request failed",
  );
};
