/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import { NextRequest } from "next/server";
import { securityHeaders } from "@/lib/security-headers";
import { proxy } from "@/proxy";

const page = (url = "http://app.test/", headers = {}) =>
  proxy(new NextRequest(url, { headers })).headers;

const policy = (isDevelopment: boolean) =>
  securityHeaders({ nonce: "n", isDevelopment, isHttps: false })["content-security-policy"];

describe("the headers of a page", () => {
  it("have a new nonce for every page", () => {
    const [one, two] = [page(), page()].map((each) => each.get("content-security-policy"));
    expect(one).toMatch(/script-src 'self' 'nonce-[\w=]+' 'strict-dynamic';/);
    expect(one).not.toBe(two);
  });

  it("let it evaluate code in development only", () => {
    expect(policy(true)).toContain("'unsafe-eval'");
    expect(policy(false)).not.toContain("'unsafe-eval'");
  });

  it("keep it out of frames, other windows' reach and the devices", () => {
    expect(Object.fromEntries(page())).toMatchObject({
      "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy": expect.stringMatching(/camera=\(\).*geolocation=\(\).*microphone=\(\)/),
      "referrer-policy": "strict-origin-when-cross-origin",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
  });

  it.each([
    ["http://app.test/", {}, false],
    ["https://app.test/", {}, true],
    ["http://app.test/", { "x-forwarded-proto": "https" }, true],
    // The last word is the nearest proxy's; a client can write the first.
    ["http://app.test/", { "x-forwarded-proto": "https, http" }, false],
  ])("of %s with %j keep to https: %s", (url, headers, expected) => {
    expect(page(url, headers).has("strict-transport-security")).toBe(expected);
    expect(page(url, headers).get("content-security-policy")?.includes("upgrade-insecure")).toBe(
      expected,
    );
  });

  it("name the request, by the caller's id when that is harmless", () => {
    expect(page(undefined, { "x-request-id": "abc-1" }).get("x-request-id")).toBe("abc-1");
    expect(page(undefined, { "x-request-id": "a b" }).get("x-request-id")).toMatch(/^[\w-]{36}$/);
  });
});
