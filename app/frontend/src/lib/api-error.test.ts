import { ApiError, errorMessage, isConflict, isGone, isUnauthorized } from "@/lib/api-error";

describe("ApiError", () => {
  it.each([
    [0, "The server cannot be reached. Check your connection."],
    [401, "Your session has ended. Please sign in again."],
    [404, "It is no longer there."],
    [418, "The request was not accepted."],
    [429, "Too many attempts. Wait a moment and try again."],
    [500, "The server has a problem. Please try again in a moment."],
  ])("has words for a bare %d", (status, message) => {
    expect(new ApiError(status).message).toBe(message);
  });

  it("prefers the server's words", () => {
    expect(new ApiError(400, { title: "Bad Request" }).message).toBe("Bad Request");
    expect(new ApiError(400, { title: "Bad", detail: "No such filter." }).message).toBe(
      "No such filter.",
    );
  });

  it("gives the first message of each field by its own name", () => {
    const error = new ApiError(422, {
      errors: [
        { field: "body.title", detail: "too short" },
        { field: "title", detail: "too plain" },
        { field: "priority", detail: "too high" },
        { field: "body.tags.0", detail: "too long" },
      ],
    });
    expect(error.fields).toEqual({ title: "too short", priority: "too high", "0": "too long" });
    expect(new ApiError(422).fields).toEqual({});
  });

  it("is told apart from other errors", () => {
    expect(new ApiError(401).name).toBe("ApiError");
    for (const [is, status] of [
      [isUnauthorized, 401],
      [isGone, 404],
      [isConflict, 412],
    ] as const) {
      expect(is(new ApiError(status))).toBe(true);
      expect(is(new ApiError(500))).toBe(false);
      expect(is(Object.assign(new Error("no"), { status }))).toBe(false);
    }
    expect(isUnauthorized(new Error("401"))).toBe(false);
    expect(errorMessage(new Error("secret"))).toBe("Something went wrong. Please try again.");
  });
});
