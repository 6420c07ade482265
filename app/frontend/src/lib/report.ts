/** One error reaches this by several ways: a boundary, a query, the window. */
const reported = new WeakSet<object>();

/** Logs an error once. The logger comes when there is something to log, which mostly is never. */
export function reportError(error: unknown, message: string): void {
  if (error instanceof Error) {
    // What the page itself called off is no failure.
    if (error.name === "AbortError" || reported.has(error)) return;
    reported.add(error);
  }
  import("./logger").then(
    ({ logger }) => logger.error({ err: error }, message),
    () => undefined,
  );
}

/** Reports what nothing caught. */
export function watchUncaught(): void {
  window.addEventListener("error", (event) => {
    // Without an error it is a notice of the browser, such as a resize observer's.
    if (event.error) reportError(event.error, "uncaught error");
  });
  window.addEventListener("unhandledrejection", (event) => {
    reportError(event.reason, "unhandled rejection");
  });
}
