import type { QueryClient } from "@tanstack/react-query";

/** Somebody's own wish; or the session was ended elsewhere; or it was over. */
export type SignOutReason = "wish" | "revoked" | "expired";

const SIGN_IN = "/login";

const leaving = new WeakSet<QueryClient>();

/** Goes to where one signs in and says why. Of reasons that come together the first is the cause. */
export function signOut(
  client: QueryClient,
  router: { replace: (path: string) => void },
  why: SignOutReason,
): void {
  if (window.location.pathname === SIGN_IN) return;
  if (leaving.has(client) && why !== "wish") return;
  leaving.add(client);
  router.replace(why === "wish" ? SIGN_IN : `${SIGN_IN}?ended=${why}`);
  // The next person at this browser must find nothing of the last one's.
  client.clear();
}

/**
 * The page to sign in at is there, or another one because the visitor is signed
 * in after all: what ends from now on is another session.
 */
export function endSignOut(client: QueryClient): void {
  leaving.delete(client);
}
