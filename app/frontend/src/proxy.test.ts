/** @jest-environment node */
import { NextRequest } from "next/server";
import { contentSecurityPolicy } from "@/lib/security-headers";
import { proxy } from "@/proxy";

const policyOf = (response: Response) => response.headers.get("content-security-policy") ?? "";

describe("the content security policy", () => {
  it("has a new nonce for every page", () => {
    const [one, two] = [1, 2].map(() => policyOf(proxy(new NextRequest("http://app.test/"))));
    expect(one).toMatch(/script-src 'self' 'nonce-[\w=]+' 'strict-dynamic';/);
    expect(one).not.toBe(two);
  });

  it("evaluates code in development only", () => {
    expect(contentSecurityPolicy("n", true)).toContain("'unsafe-eval'");
    expect(contentSecurityPolicy("n", false)).not.toContain("'unsafe-eval'");
  });
});
