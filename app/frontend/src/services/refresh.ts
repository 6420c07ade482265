import { fetchInTime } from "./time-limit";

const LOCK = "refapp-session-refresh";

let inFlight: Promise<Response> | undefined;

/**
 * Renews the session from its refresh cookie, and gives the answer; rejects
 * when there is none. Calls made meanwhile share one request, so whoever reads
 * its body reads a clone. Across tabs there is one at a time: the backend
 * rotates refresh tokens, and a second use of the same one would look like theft.
 */
export function refreshSession(): Promise<Response> {
  inFlight ??= exclusively(requestRefresh).finally(() => {
    inFlight = undefined;
  });
  return inFlight;
}

function requestRefresh(): Promise<Response> {
  const url = new URL("/api/v1/auth/refresh", window.location.origin);
  return fetchInTime(new Request(url, { method: "POST", credentials: "same-origin" }));
}

function exclusively(task: () => Promise<Response>): Promise<Response> {
  // Absent outside secure contexts, such as plain http on a local network.
  return navigator.locks ? navigator.locks.request(LOCK, task) : task();
}
