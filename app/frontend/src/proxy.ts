import { NextResponse, type NextRequest } from "next/server";
import { requestIdOf } from "@/lib/request-id";
import { securityHeaders } from "@/lib/security-headers";

/** Gives every page its security headers, with a nonce of its own, and an id for the logs. */
export function proxy(request: NextRequest): NextResponse {
  const security = securityHeaders({
    nonce: btoa(crypto.randomUUID()),
    isDevelopment: process.env.NODE_ENV === "development",
    isHttps: isHttps(request),
  });
  const requestId = requestIdOf(request.headers);
  const headers = new Headers(request.headers);
  // Next reads the nonce from here and puts it on its own scripts.
  headers.set("content-security-policy", security["content-security-policy"] ?? "");
  headers.set("x-request-id", requestId);
  const response = NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(security)) response.headers.set(name, value);
  response.headers.set("x-request-id", requestId);
  return response;
}

function isHttps({ headers, nextUrl }: NextRequest): boolean {
  // The nearest proxy's word is the last one.
  const forwarded = headers.get("x-forwarded-proto")?.split(",").at(-1)?.trim();
  return (forwarded ?? nextUrl.protocol.slice(0, -1)) === "https";
}

export const config = {
  // Pages only: answers of the API and files load nothing themselves.
  matcher: [{ source: "/((?!api/|_next/|icon.svg|robots.txt).*)" }],
};
