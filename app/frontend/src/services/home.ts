import { ApiError, isUnauthorized } from "@/lib/api-error";
import { backendUrl, cookiePrefix } from "@/lib/env";
import { logger } from "@/lib/logger";
import { reasonOf } from "@/lib/reason";
import type { TodoQuery } from "@/types/filter";
import { getTodos } from "./api";
import { getMe } from "./auth";
import { serverClient } from "./client";
import type { HomeData } from "./types";

type CookieJar = { has(name: string): boolean; toString(): string };

/** A server render that waits longer would look like an outage itself. */
const TIMEOUT_MS = 5_000;

/**
 * What the home page can show at first paint, or null when the visitor has to
 * sign in. An expired session that can be renewed, or a backend that does not
 * answer, gives an empty page: the browser renews cookies and retries, which a
 * server render cannot.
 */
export async function loadHome(cookies: CookieJar, query: TodoQuery): Promise<HomeData | null> {
  const renewable = cookies.has(`${cookiePrefix()}_refresh`);
  if (!cookies.has(`${cookiePrefix()}_access`)) return renewable ? {} : null;

  const client = clientFor(cookies);
  try {
    const [user, todos] = await Promise.all([getMe(client), getTodos(query, null, client)]);
    return { user, todos };
  } catch (error) {
    if (isUnauthorized(error)) return renewable ? {} : null;
    // An answer, or its lack, needs no stack; anything else is a fault of this code.
    const why =
      error instanceof ApiError
        ? { reason: reasonOf(error), request_id: error.requestId }
        : { err: error };
    logger.warn(why, "rendering home without data");
    return {};
  }
}

/** The visitor, if the backend says who it is; null when they have to sign in. As for home. */
export async function loadVisitor(cookies: CookieJar): Promise<Pick<HomeData, "user"> | null> {
  const renewable = cookies.has(`${cookiePrefix()}_refresh`);
  if (!cookies.has(`${cookiePrefix()}_access`)) return renewable ? {} : null;
  return getMe(clientFor(cookies)).then(
    (user) => ({ user }),
    (error: unknown) => (isUnauthorized(error) && !renewable ? null : {}),
  );
}

/** Whether the backend confirms the session; a cookie alone may be stale. */
export async function isSignedIn(cookies: CookieJar): Promise<boolean> {
  if (!cookies.has(`${cookiePrefix()}_access`)) return false;
  return getMe(clientFor(cookies)).then(
    () => true,
    () => false,
  );
}

function clientFor(cookies: CookieJar) {
  return serverClient(backendUrl(), cookies.toString(), AbortSignal.timeout(TIMEOUT_MS));
}
