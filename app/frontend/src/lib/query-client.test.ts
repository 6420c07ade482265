import { ApiError } from "@/lib/api-error";
import { createQueryClient, SIGNING_IN } from "@/lib/query-client";

function fails(error: Error) {
  return jest.fn(() => Promise.reject(error));
}

describe("the query client", () => {
  it("ends the session on a refused query or mutation", async () => {
    const onSessionEnd = jest.fn();
    const client = createQueryClient(onSessionEnd);
    const refused = fails(new ApiError(401));
    await client.fetchQuery({ queryKey: ["a"], queryFn: refused, retry: false }).catch(() => 0);
    await client
      .getMutationCache()
      .build(client, { mutationFn: refused })
      .execute(undefined)
      .catch(() => 0);
    expect(onSessionEnd).toHaveBeenCalledTimes(2);
  });

  it("does not end one that is about to begin", async () => {
    const onSessionEnd = jest.fn();
    const client = createQueryClient(onSessionEnd);
    await client
      .getMutationCache()
      .build(client, { mutationFn: fails(new ApiError(401)), meta: SIGNING_IN })
      .execute(undefined)
      .catch(() => 0);
    expect(onSessionEnd).not.toHaveBeenCalled();
  });

  it.each([
    ["an outage", new ApiError(503), true],
    ["no answer", new ApiError(0), true],
    ["a refusal", new ApiError(404), false],
    ["an answer of the wrong shape", new TypeError("shape"), false],
  ])("after %s asks again: %s", (_what, error, again) => {
    const retry = createQueryClient(jest.fn()).getDefaultOptions().queries?.retry;
    expect(typeof retry === "function" && retry(0, error)).toBe(again);
    expect(typeof retry === "function" && retry(2, error)).toBe(false);
  });
});
