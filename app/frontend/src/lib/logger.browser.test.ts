import { http, HttpResponse } from "msw";
import type { LogEntry } from "@/schemas/browser-log";
import { browserLogSchema } from "@/schemas/browser-log";
import { server, startServer } from "@/test/server";

// Jest ignores the field by which bundlers find pino's browser build.
jest.mock("pino", () => jest.requireActual("pino/browser"));

startServer();

const beacons: Blob[] = [];
navigator.sendBeacon = jest.fn((_url, body) => beacons.push(body as Blob) > 0);

/** Requests take real time, whatever the page thinks the time is. */
const realTimeout = setTimeout;

let posted: LogEntry[][] = [];

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ["queueMicrotask", "nextTick"] });
  for (const method of ["error", "warn", "info"] as const)
    jest.spyOn(console, method).mockReturnValue();
  posted = [];
  beacons.length = 0;
  server.use(
    http.post("*/api/logs", async ({ request }) => {
      const batch = browserLogSchema.parse(await request.json());
      posted.push(batch.entries);
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  delete document.documentElement.dataset.logLevel;
});

/** Modules as a new page has them. */
function newPage(level = "info") {
  document.documentElement.dataset.logLevel = level;
  let page!: { logger: typeof import("./logger").logger; report: typeof import("./report") };
  jest.isolateModules(() => {
    page = { ...jest.requireActual("./logger"), report: jest.requireActual("./report") };
  });
  return page;
}

async function settle(milliseconds = 0) {
  await jest.advanceTimersByTimeAsync(milliseconds);
  await new Promise((done) => realTimeout(done, 60));
}

describe("the browser's logger", () => {
  it("sends warnings and errors together, a moment later, and nothing less grave", async () => {
    const { logger } = newPage();
    logger.info("hello");
    logger.warn({ path: "/x" }, "slow");
    logger.error({ err: new TypeError("no such user: ada@example.com") }, "a request failed");
    await settle(2_900);
    expect(posted).toEqual([]);
    await settle(200);
    expect(posted).toHaveLength(1);
    expect(posted[0]).toMatchObject([
      { level: "warn", message: "slow", path: "/" },
      {
        level: "error",
        message: "a request failed: no such user: [hidden]",
        stack: expect.stringContaining("logger.browser.test"),
      },
    ]);
    expect(console.info).toHaveBeenCalledWith("hello");
  });

  it("sends at once when a batch is full", async () => {
    const { logger } = newPage();
    for (let each = 0; each < 21; each += 1) logger.warn(`w${each}`);
    await settle();
    expect(posted.map((batch) => batch.length)).toEqual([20]);
  });

  it("sends what it has when the visitor leaves", async () => {
    const { logger } = newPage();
    logger.error("late");
    jest.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    document.dispatchEvent(new Event("visibilitychange"));
    await settle(5_000);
    // The pages of earlier tests are still open, as other tabs would be.
    expect(await beacons.at(-1)?.text()).toContain("late");
    expect(posted).toEqual([]);
  });

  it("falls silent when a page fails in a loop", async () => {
    const { logger } = newPage();
    for (let each = 0; each < 500; each += 1) logger.error(`e${each}`);
    await settle(5_000);
    expect(posted.flat()).toHaveLength(100);
  });

  it("does not log that it cannot log", async () => {
    server.use(http.post("*/api/logs", () => HttpResponse.error()));
    const uncaught = jest.fn();
    process.on("unhandledRejection", uncaught);
    const { logger } = newPage();
    logger.error("first");
    await settle(10_000);
    expect(console.error).toHaveBeenCalledTimes(1);
    expect(uncaught).not.toHaveBeenCalled();
    process.off("unhandledRejection", uncaught);
  });

  it.each([
    ["error", ["b"]],
    ["silent", []],
  ])("at the level %s sends %j", async (level, expected) => {
    const { logger } = newPage(level);
    logger.warn("a");
    logger.error("b");
    await settle(5_000);
    expect(posted.flat().map((entry) => entry.message)).toEqual(expected);
  });
});

describe("reporting", () => {
  it("logs what nothing caught, each error once", async () => {
    const { report } = newPage();
    report.watchUncaught();
    const error = new Error("boom");
    window.dispatchEvent(new ErrorEvent("error", { error }));
    window.dispatchEvent(Object.assign(new Event("unhandledrejection"), { reason: error }));
    window.dispatchEvent(Object.assign(new Event("unhandledrejection"), { reason: "just text" }));
    window.dispatchEvent(new ErrorEvent("error", { message: "ResizeObserver loop" }));
    report.reportError(new DOMException("gone", "AbortError"), "a request failed");
    report.reportError(Object.assign(new Error("late"), { requestId: "r-1" }), "a request failed");
    await settle();
    await settle(5_000);
    expect(posted.flat()).toMatchObject([
      { message: "uncaught error: boom" },
      { message: "unhandled rejection: just text" },
      { message: "a request failed: late", requestId: "r-1" },
    ]);
  });
});
