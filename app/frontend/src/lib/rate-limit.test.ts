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

it("forgets the least recent key rather than grow without end", () => {
  const limit = new RateLimit({ burst: 1, aMinute: 1 });
  limit.take("first", 0);
  expect(limit.take("first", 0)).toBe(false);
  for (let each = 0; each < 10_000; each += 1) limit.take(String(each), 0);
  expect(limit.take("first", 0)).toBe(true);
});
