import { problemResponse } from "@/lib/problem-response";
import { RateLimit } from "@/lib/rate-limit";

type Limits = { bytes: number; burst: number; aMinute: number };

/** How many times one address's share all addresses together may send. */
const EVERYBODY = 50;

const RETRY_AFTER = { "retry-after": "60" };

/**
 * The door for what a page sends in on its own, without anyone being signed
 * in: only our pages, so much from an address, so much at a time. `admit`
 * gives the body, or the answer that refuses it.
 */
export function createIntake({ bytes, burst, aMinute }: Limits) {
  const each = new RateLimit({ burst, aMinute });
  // An address can be made up where no proxy vouches for it.
  const all = new RateLimit({ burst: burst * EVERYBODY, aMinute: aMinute * EVERYBODY });

  return async function admit(request: Request): Promise<string | Response> {
    if (!isSameOrigin(request))
      return problemResponse(request, 403, "Only this site's pages may send this.");
    if (!each.take(addressOf(request)) || !all.take(""))
      return problemResponse(request, 429, "Too much at once.", RETRY_AFTER);
    if (request.headers.get("content-type")?.split(";")[0]?.trim() !== "application/json")
      return problemResponse(request, 415, "Send JSON.");
    const body = await readUpTo(bytes, request);
    return body ?? problemResponse(request, 413, `Send at most ${bytes} bytes at a time.`);
  };
}

function isSameOrigin({ headers, url }: Request): boolean {
  const site = headers.get("sec-fetch-site");
  if (site) return site === "same-origin";
  // Older browsers name the origin alone; what names neither is no browser.
  const host = headers.get("x-forwarded-host") ?? headers.get("host") ?? new URL(url).host;
  return URL.parse(headers.get("origin") ?? "")?.host === host;
}

/** The nearest proxy's word, which is the last one; Next itself writes it when there is none. */
function addressOf({ headers }: Request): string {
  return headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
}

async function readUpTo(max: number, request: Request): Promise<string | undefined> {
  if (Number(request.headers.get("content-length")) > max) return undefined;
  const parts: Uint8Array[] = [];
  let size = 0;
  // The header may lie, or be absent.
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > max) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
