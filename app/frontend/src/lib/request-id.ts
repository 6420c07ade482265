/** What may be repeated in a header and a log line without a second thought. */
const SAFE = /^[\w.:-]{1,128}$/;

/** The id by which every log on a request's way knows it: the caller's, or a new one. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get("x-request-id");
  return given && SAFE.test(given) ? given : crypto.randomUUID();
}
