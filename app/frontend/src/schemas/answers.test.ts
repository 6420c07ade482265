/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import { openSessionsSchema, passwordChangeSchema } from "@/schemas/account";
import { browserLogSchema } from "@/schemas/browser-log";
import { readEvent } from "@/schemas/event";
import { healthSchema } from "@/schemas/health";
import { problemSchema } from "@/schemas/problem";
import { todo } from "@/test/server";

const time = "2026-01-02T03:04:05+01:00";

it.each([
  ["ready", { resumed: true, heartbeat_seconds: 15 }],
  ["todo.created", todo()],
  ["todo.updated", todo({ version: 2 })],
  ["todo.deleted", { id: 1 }],
  ["session.ended", { id: "s" }],
  ["reset", { reason: "r" }],
  ["bye", { reason: "r" }],
] as const)("reads the event %s, and nothing else in its place", (name, data) => {
  expect(readEvent(name, JSON.stringify(data))).toEqual({ name, data });
  expect(readEvent(name, "{}")).toBeUndefined();
  expect(readEvent(name, "{torn")).toBeUndefined();
});

it("takes no heart that does not beat", () => {
  const text = JSON.stringify({ resumed: true, heartbeat_seconds: 0 });
  expect(readEvent("ready", text)).toBeUndefined();
});

it("knows a session, a state of health and a problem by their fields", () => {
  const session = {
    id: "s",
    created_at: time,
    last_used_at: time,
    user_agent: null,
    current: true,
  };
  const health = { status: "healthy", timestamp: time, version: "1", service: "s" };
  expect(openSessionsSchema.parse([session])).toEqual([session]);
  expect(openSessionsSchema.safeParse([{}]).success).toBe(false);
  expect(healthSchema.parse(health)).toEqual(health);
  expect(healthSchema.safeParse({}).success).toBe(false);
  expect(problemSchema.parse({})).toEqual({});
  expect(problemSchema.safeParse({ errors: [{}] }).success).toBe(false);
  expect(problemSchema.safeParse({ status: "404" }).success).toBe(false);
});

it("says what is wrong with a change of the password", () => {
  const said = (current: string, fresh: string) => {
    const result = passwordChangeSchema.safeParse({
      current_password: current,
      new_password: fresh,
    });
    return result.success ? [] : result.error.issues.map(({ path, code }) => [path[0], code]);
  };
  expect(said("x", "12345678")).toEqual([]);
  expect(said("x".repeat(128), "x".repeat(128))).toEqual([]);
  expect(said("", "1234567")).toEqual([
    ["current_password", "too_small"],
    ["new_password", "too_small"],
  ]);
  expect(said("x".repeat(129), "x".repeat(129))).toEqual([
    ["current_password", "too_big"],
    ["new_password", "too_big"],
  ]);
});

describe("what a browser may send to the log", () => {
  const entry = {
    level: "warn",
    time: "2026-01-02T03:04:05.000Z",
    message: "m".repeat(500),
    path: "/".repeat(200),
    stack: "s".repeat(2_000),
    requestId: "r_1.:-".padEnd(128, "x"),
    traceId: "0123456789abcdef".repeat(2),
  };
  const takes = (...entries: object[]) => browserLogSchema.safeParse({ entries }).success;

  it("is as long as it may be, and as many", () => {
    expect(takes(entry)).toBe(true);
    expect(takes(...Array.from({ length: 20 }, () => entry))).toBe(true);
    for (const worse of ["error", "fatal"]) expect(takes({ ...entry, level: worse })).toBe(true);
    const { level, time, message, path } = entry;
    expect(takes({ level, time, message, path })).toBe(true);
  });

  it.each([
    ["level", "info"],
    ["level", ""],
    ["time", "yesterday"],
    ["message", "m".repeat(501)],
    ["path", "/".repeat(201)],
    ["stack", "s".repeat(2_001)],
    ["requestId", "x".repeat(129)],
    ["requestId", ""],
    ["requestId", "r 1"],
    ["requestId", " r"],
    ["traceId", "0123456789abcdef".repeat(2).slice(1)],
    ["traceId", `${"0123456789abcdef".repeat(2)}0`],
    ["traceId", "G".repeat(32)],
    ["email", "ada@example.com"],
  ])("has no %s like %j", (field, value) => {
    expect(takes({ ...entry, [field]: value })).toBe(false);
  });

  it("is neither nothing nor too much, nor anything beside", () => {
    expect(takes()).toBe(false);
    expect(takes(...Array.from({ length: 21 }, () => entry))).toBe(false);
    expect(browserLogSchema.safeParse({ entries: [entry], email: "x" }).success).toBe(false);
  });
});
