import type * as z from "zod/mini";
import { createClient } from "@/lib/api-client/client";
import { ApiError, NO_ANSWER } from "@/lib/api-error";
import { texts } from "@/lib/texts";
import { problemSchema } from "@/schemas/problem";
import { refreshSession } from "./refresh";
import { fetchInTime } from "./time-limit";

/** Paths whose 401 is an answer about the credentials sent, not about the session. */
const SESSION_PATHS = /\/api\/v1\/auth\/(login|register|refresh|logout)$/;

/**
 * Sends a request; on an expired session refreshes it once and sends the request
 * again. The session is over only when the refresh is refused with a 401. Any other
 * failure of it, such as an outage, becomes the request's own: it says nothing
 * about the session, which may be as good as ever once it has passed.
 */
async function fetchWithRefresh(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const again = request.clone();
  const answer = await fetchInTime(request);
  if (answer.status !== 401 || SESSION_PATHS.test(new URL(request.url).pathname)) return answer;
  const renewal = await refreshSession();
  if (renewal.ok) return fetchInTime(again);
  return renewal.status === 401 ? answer : renewal.clone();
}

/** The browser's client: its own origin, cookies included. */
export const browserClient = createClient({
  baseUrl: typeof window === "undefined" ? "" : window.location.origin,
  fetch: fetchWithRefresh,
  credentials: "same-origin",
});

/** A client for one server-side render, acting with the visitor's cookies. */
export function serverClient(baseUrl: string, cookie: string, signal: AbortSignal) {
  return createClient({
    baseUrl,
    headers: { cookie, "x-request-id": crypto.randomUUID() },
    cache: "no-store",
    signal,
  });
}

type Result = { data?: unknown; error?: unknown; response?: Response };

/** The checked body of a successful answer; anything else is thrown as an `ApiError`. */
export function unwrap<T extends z.ZodMiniType>(result: Result, schema: T): z.output<T> {
  assertOk(result);
  return schema.parse(result.data);
}

export function assertOk(result: Result): void {
  if (result.response?.ok && result.error === undefined) return;
  throw toApiError(result);
}

function toApiError({ error, response }: Result): ApiError {
  const status = response?.status ?? NO_ANSWER;
  if (error instanceof Error) return new ApiError(status, {}, { cause: error });
  const problem = problemSchema.safeParse(error);
  const wait = Number(response?.headers.get("retry-after"));
  // How long is what a person wants to know, and all that the server's words leave out.
  if (status === 429 && wait > 0)
    return new ApiError(status, { detail: texts.errors.tooManyFor(wait) });
  const requestId = response?.headers.get("x-request-id") ?? undefined;
  return new ApiError(status, problem.success ? problem.data : {}, { requestId });
}
