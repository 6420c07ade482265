/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import type { LogEvent } from "pino";
import { toLogEntry } from "@/lib/log-entry";

function event(label: string, ...messages: unknown[]): LogEvent {
  return { ts: Date.UTC(2026, 0, 2), messages, bindings: [], level: { label, value: 0 } };
}

it.each([
  ["warn", "warn"],
  ["fatal", "fatal"],
  ["error", "error"],
  ["info", "error"],
])("takes the level %s as %s", (label, level) => {
  expect(toLogEntry(event(label, "x"), "/").level).toBe(level);
});

it("keeps an error's words, stack and request, whichever way it is logged", () => {
  const error = Object.assign(new Error("boom"), { stack: "at x", requestId: "r-1" });
  const entry = {
    level: "error",
    time: "2026-01-02T00:00:00.000Z",
    message: "it failed: boom",
    path: "/todos",
    stack: "at x",
    requestId: "r-1",
  };
  expect(toLogEntry(event("error", "it failed", error), "/todos")).toEqual(entry);
  expect(toLogEntry(event("error", { err: error }, "it failed"), "/todos")).toEqual(entry);
  const later = event("error", null, {}, 7, "it failed", { err: error });
  expect(toLogEntry(later, "/todos")).toEqual(entry);
});

it("makes words of whatever was thrown instead of an error", () => {
  expect(toLogEntry(event("error", { err: "a word" }), "/").message).toBe("a word");
  expect(toLogEntry(event("error", { err: null }), "/").message).toBe("null");
});

it("says no more than there is", () => {
  expect(toLogEntry(event("error", "alone", {}), "/x?q=diary")).toEqual({
    level: "error",
    time: "2026-01-02T00:00:00.000Z",
    message: "alone",
    path: "/x",
  });
});
