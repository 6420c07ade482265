/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import { RateLimit } from "@/lib/rate-limit";

it("allows a burst, then refills, each key by itself", () => {
  const limit = new RateLimit({ burst: 2, aMinute: 60 });
  const taken = (at: number) => limit.take("a", at);
  expect([taken(0), taken(0), taken(0), taken(999), taken(1_000), taken(1_000)]).toEqual([
    true,
    true,
    false,
    false,
    true,
    false,
  ]);
  expect(limit.take("b", 0)).toBe(true);
});

it("never fills beyond the burst, and a moment's refusal costs nothing", () => {
  const limit = new RateLimit({ burst: 2, aMinute: 60 });
  const taken = (at: number) => limit.take("a", at);
  expect([taken(0), taken(0), taken(500), taken(1_000)]).toEqual([true, true, false, true]);
  expect([taken(90_000), taken(90_000), taken(90_000)]).toEqual([true, true, false]);
});

it("forgets the least recent key rather than grow without end", () => {
  const limit = new RateLimit({ burst: 1, aMinute: 1 });
  limit.take("first", 0);
  expect(limit.take("first", 0)).toBe(false);
  for (let each = 0; each < 10_000; each += 1) limit.take(String(each), 0);
  expect(limit.take("first", 0)).toBe(true);
});

it("remembers ten thousand, and longest whoever came last", () => {
  const limit = new RateLimit({ burst: 1, aMinute: 1 });
  for (let each = 0; each < 10_000; each += 1) limit.take(String(each), 0);
  expect(limit.take("0", 0)).toBe(false);
  limit.take("new", 0);
  expect(limit.take("0", 0)).toBe(false);
  expect(limit.take("1", 0)).toBe(true);
});

it("counts by the clock", () => {
  jest.useFakeTimers({ now: 0 });
  const limit = new RateLimit({ burst: 1, aMinute: 60 });
  expect([limit.take("a"), limit.take("a")]).toEqual([true, false]);
  jest.setSystemTime(1_000);
  expect(limit.take("a")).toBe(true);
  jest.useRealTimers();
});
