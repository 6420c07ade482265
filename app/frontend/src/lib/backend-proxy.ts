import { backendUrl } from "@/lib/env";
import { logger } from "@/lib/logger";
import { problemResponse } from "@/lib/problem-response";
import { reasonOf } from "@/lib/reason";
import { requestIdOf } from "@/lib/request-id";
import { texts } from "@/lib/texts";
import { traceContextOf } from "@/lib/trace-context";

const API_PREFIX = "/api/v1/";

/** Headers that belong to one connection, not to the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = [
  "connection",
  // This server has answered it already, and `fetch` refuses to send it.
  "expect",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

type Ids = { requestId: string; traceId: string; traceparent: string; isCallers: boolean };

/**
 * Streams a request to the backend and its answer back, neither buffered. Both
 * sides' logs, and the caller, get the same request id and trace.
 */
export async function proxyToBackend(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const ids = { requestId: requestIdOf(request.headers), ...traceContextOf(request.headers) };
  const answerId = { "x-request-id": ids.requestId };
  if (!pathname.startsWith(API_PREFIX))
    return problemResponse(request, 404, "No such resource.", answerId);

  const started = performance.now();
  const log = (status: number) => ({
    method: request.method,
    path: pathname,
    status,
    ms: Math.round(performance.now() - started),
    request_id: ids.requestId,
    trace_id: ids.traceId,
  });
  try {
    const answer = await fetch(new URL(pathname + search, backendUrl()), {
      method: request.method,
      headers: requestHeaders(request, ids),
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
      headers: responseHeaders(answer, ids),
    });
  } catch (error) {
    if (request.signal.aborted) return new Response(null, { status: 499, headers: answerId });
    logger.error({ ...log(502), reason: reasonOf(error) }, "the backend did not answer");
    return problemResponse(request, 502, texts.errors.unreachable, answerId);
  }
}

function requestHeaders(request: Request, ids: Ids): Headers {
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
  headers.set("x-request-id", ids.requestId);
  headers.set("traceparent", ids.traceparent);
  if (!ids.isCallers) headers.delete("tracestate");
  return headers;
}

function responseHeaders(answer: Response, ids: Ids): Headers {
  const headers = withoutHopByHop(answer.headers);
  if (headers.has("content-encoding")) {
    // `fetch` has decoded the body already, so neither is true any more.
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  const caching = headers.get("cache-control") ?? "no-cache";
  // "no-transform" keeps this server's own compression from buffering streams.
  if (!caching.includes("no-transform")) headers.set("cache-control", `${caching}, no-transform`);
  headers.set("x-request-id", ids.requestId);
  return headers;
}

function withoutHopByHop(source: Headers): Headers {
  const headers = new Headers(source);
  const named = (source.get("connection") ?? "").split(",").map((name) => name.trim());
  for (const name of [...HOP_BY_HOP, ...named]) if (name) headers.delete(name);
  return headers;
}
