/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import { parseJson } from "@/lib/json";
import { problemResponse } from "@/lib/problem-response";
import { reasonOf } from "@/lib/reason";
import { settledWithin } from "@/lib/settled-within";
import { uniqueId } from "@/lib/unique-id";

afterEach(() => jest.restoreAllMocks());

it("reads JSON, or nothing", () => {
  expect(parseJson('{"a":1}')).toEqual({ a: 1 });
  expect(parseJson("{torn")).toBeUndefined();
});

it("finds the bottom of an error", () => {
  const bottom = new Error("refused");
  const middle = new TypeError("fetch failed", { cause: bottom });
  expect(reasonOf(new Error("top", { cause: middle }))).toBe("Error: refused");
  expect(reasonOf(middle)).toBe("Error: refused");
  expect(reasonOf(new Error("alone", { cause: "a word" }))).toBe("Error: alone");
  expect(reasonOf({ cause: bottom })).toBe("[object Object]");
  expect(reasonOf("thrown")).toBe("thrown");
});

it("waits so long and no longer", async () => {
  const never = new Promise<string>(() => {});
  expect(await settledWithin(5, never)).toBeUndefined();
  const cleared = jest.spyOn(globalThis, "clearTimeout");
  const set = jest.spyOn(globalThis, "setTimeout");
  expect(await settledWithin(60_000, Promise.resolve("soon"))).toBe("soon");
  expect(set.mock.calls[0]?.[1]).toBe(60_000);
  expect(cleared).toHaveBeenCalledWith(set.mock.results[0]?.value);
  await expect(settledWithin(60_000, Promise.reject(new Error("bad")))).rejects.toThrow("bad");
});

it("makes names with the browser's means, or its own", () => {
  jest.spyOn(crypto, "randomUUID").mockReturnValueOnce("a-b-c-d-e");
  expect(uniqueId()).toBe("a-b-c-d-e");
  // As in a page that came over plain http; without a property of its own, it is what it was.
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  jest.spyOn(crypto, "getRandomValues").mockImplementationOnce((bytes) => {
    (bytes as Uint8Array).set([0, 1, 15, 16, 255]);
    return bytes;
  });
  expect(uniqueId()).toBe(`00010f10ff${"00".repeat(11)}`);
  Reflect.deleteProperty(crypto, "randomUUID");
  expect(uniqueId()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

it.each([
  [400, "Bad Request"],
  [403, "Forbidden"],
  [404, "Not Found"],
  [413, "Content Too Large"],
  [415, "Unsupported Media Type"],
  [429, "Too Many Requests"],
  [502, "Bad Gateway"],
])("answers %d with a problem that nobody keeps", async (status, title) => {
  const request = new Request("http://app.test/a/b?c=d");
  const answer = problemResponse(request, status, "It is so.", { "retry-after": "60" });
  expect(answer.status).toBe(status);
  expect(Object.fromEntries(answer.headers)).toEqual({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "retry-after": "60",
  });
  expect(await answer.json()).toEqual({
    type: "about:blank",
    title,
    status,
    detail: "It is so.",
    instance: "/a/b",
  });
});
