const LOCK = "refapp-session-refresh";

let inFlight: Promise<boolean> | undefined;

/**
 * Renews the session from its refresh cookie. Calls made meanwhile share one
 * request, across tabs too: the backend rotates refresh tokens, and a second
 * use of the same one would look like theft.
 */
export function refreshSession(): Promise<boolean> {
  inFlight ??= exclusively(requestRefresh).finally(() => {
    inFlight = undefined;
  });
  return inFlight;
}

async function requestRefresh(): Promise<boolean> {
  try {
    const url = new URL("/api/v1/auth/refresh", window.location.origin);
    const answer = await fetch(url, { method: "POST", credentials: "same-origin" });
    return answer.ok;
  } catch {
    return false;
  }
}

function exclusively(task: () => Promise<boolean>): Promise<boolean> {
  // Absent outside secure contexts, such as plain http on a local network.
  return navigator.locks ? navigator.locks.request(LOCK, task) : task();
}
