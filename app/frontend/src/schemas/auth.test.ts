import { loginSchema, registerSchema } from "@/schemas/auth";

const valid = { name: "", email: "ada@example.com", password: "12345678" };

describe("registerSchema", () => {
  it("takes an account without a name", () => {
    expect(registerSchema.parse(valid)).toEqual(valid);
  });

  it.each([
    ["blank, which is none", "  ", ""],
    ["of letters that JavaScript counts twice", "𝒜".repeat(100), "𝒜".repeat(100)],
    ["of letters and accents", " Zoe\u0308 ", "Zoe\u0308"],
  ])("takes a name %s", (_what, name, taken) => {
    expect(registerSchema.parse({ ...valid, name }).name).toBe(taken);
  });

  it.each([
    ["email", { email: "ada" }],
    ["password", { password: "1234567" }],
    ["password", { password: "x".repeat(129) }],
    ["name", { name: "x".repeat(101) }],
    ["name", { name: "A\tda" }],
    ["name", { name: "Ada\u0000" }],
    ["name", { name: "\u3164\u200b" }],
  ])("refuses a bad %s", (field, change) => {
    const result = registerSchema.safeParse({ ...valid, ...change });
    expect(result.error?.issues.map((issue) => issue.path[0])).toEqual([field]);
  });
});

describe("loginSchema", () => {
  it("lets a short old password try", () => {
    expect(loginSchema.safeParse({ email: valid.email, password: "x" }).success).toBe(true);
  });
});
