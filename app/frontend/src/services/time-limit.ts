/** Slower than any answer of a server that works; a browser by itself waits for minutes. */
export const TIME_LIMIT_MS = 20_000;

/** Sends a request, and gives up when its answer has not come in time, body included. */
export function fetchInTime(request: Request): Promise<Response> {
  const limit = AbortSignal.timeout(TIME_LIMIT_MS);
  // Browsers of before 2024 cannot join signals; the limit is the one that is always there.
  const signal = "any" in AbortSignal ? AbortSignal.any([request.signal, limit]) : limit;
  return fetch(request, { signal });
}
