/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import { securityHeaders } from "@/lib/security-headers";

const plain = { nonce: "n1", isDevelopment: false, isHttps: false };

it("protects a page with these headers, word for word", () => {
  expect(securityHeaders(plain)).toEqual({
    "content-security-policy":
      "default-src 'self'; script-src 'self' 'nonce-n1' 'strict-dynamic'; " +
      "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
      "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; " +
      "frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy":
      "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), " +
      "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), " +
      "publickey-credentials-get=(), usb=()",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
});

it("holds browsers to https where there is https", () => {
  const headers = securityHeaders({ ...plain, isHttps: true });
  expect(headers["strict-transport-security"]).toBe("max-age=63072000; includeSubDomains");
  expect(headers["content-security-policy"]).toMatch(/; upgrade-insecure-requests$/);
});

it("lets the development server evaluate code and talk over a socket", () => {
  const headers = securityHeaders({ ...plain, isDevelopment: true });
  expect(headers["content-security-policy"]).toContain("'strict-dynamic' 'unsafe-eval';");
  expect(headers["content-security-policy"]).toContain("connect-src 'self' ws:;");
});
