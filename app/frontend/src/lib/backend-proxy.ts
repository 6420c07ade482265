import { backendUrl } from "@/lib/env";
import { logger } from "@/lib/logger";
import { reasonOf } from "@/lib/reason";

const API_PREFIX = "/api/v1/";

/** Headers that belong to one connection, not to the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Streams a request to the backend and its answer back, neither buffered. */
export async function proxyToBackend(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  if (!pathname.startsWith(API_PREFIX)) return problem(404, "Not Found", "No such resource.");

  const started = performance.now();
  const log = (status: number) => ({
    method: request.method,
    path: pathname,
    status,
    ms: Math.round(performance.now() - started),
  });
  try {
    const answer = await fetch(new URL(pathname + search, backendUrl()), {
      method: request.method,
      headers: requestHeaders(request),
      body: request.body,
      // Node wants this said whenever a body is a stream.
      ...(request.body && { duplex: "half" }),
      cache: "no-store",
      redirect: "manual",
      // A closed tab closes the backend's event stream with it.
      signal: request.signal,
    });
    logger.debug(log(answer.status), "proxied");
    return new Response(answer.body, {
      status: answer.status,
      statusText: answer.statusText,
      headers: responseHeaders(answer),
    });
  } catch (error) {
    if (request.signal.aborted) return new Response(null, { status: 499 });
    logger.error({ ...log(502), reason: reasonOf(error) }, "the backend did not answer");
    return problem(
      502,
      "Bad Gateway",
      "The server cannot be reached. Please try again in a moment.",
    );
  }
}

function requestHeaders(request: Request): Headers {
  const headers = withoutHopByHop(request.headers);
  const url = new URL(request.url);
  // `fetch` sets these two for the connection it makes.
  const host = headers.get("host") ?? url.host;
  headers.delete("host");
  headers.delete("content-length");
  // A compressed stream arrives in blocks; an event must arrive when it happens.
  headers.set("accept-encoding", "identity");
  if (!headers.has("x-forwarded-host")) headers.set("x-forwarded-host", host);
  if (!headers.has("x-forwarded-proto"))
    headers.set("x-forwarded-proto", url.protocol.slice(0, -1));
  return headers;
}

function responseHeaders(answer: Response): Headers {
  const headers = withoutHopByHop(answer.headers);
  if (headers.has("content-encoding")) {
    // `fetch` has decoded the body already, so neither is true any more.
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  const caching = headers.get("cache-control") ?? "no-cache";
  // "no-transform" keeps this server's own compression from buffering streams.
  if (!caching.includes("no-transform")) headers.set("cache-control", `${caching}, no-transform`);
  return headers;
}

function withoutHopByHop(source: Headers): Headers {
  const headers = new Headers(source);
  const named = (source.get("connection") ?? "").split(",").map((name) => name.trim());
  for (const name of [...HOP_BY_HOP, ...named]) if (name) headers.delete(name);
  return headers;
}

function problem(status: number, title: string, detail: string): Response {
  return Response.json(
    { type: "about:blank", title, status, detail },
    {
      status,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
    },
  );
}
