import { connection } from "./connection";
import { retryDelay } from "./retry-delay";

/**
 * Loads code that nobody has asked for yet, and that has to be there in the end: after a failure
 * again and again, and at once when the network is back. Returns what calls it off.
 */
export function keepLoading<Code>(
  load: () => Promise<Code>,
  onCode: (code: Code) => void = () => undefined,
  onFailure: () => void = () => undefined,
): () => void {
  let failures = 0;
  let isLoading = false;
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    isOver = true;
    clearTimeout(timer);
    window.removeEventListener("online", onOnline);
  }

  function attempt(): void {
    isLoading = true;
    load().then(
      (code) => {
        if (isOver) return;
        stop();
        onCode(code);
      },
      () => {
        if (isOver) return;
        isLoading = false;
        // Offline there is nothing to try until the browser says that it is not.
        if (navigator.onLine) timer = setTimeout(attempt, retryDelay(failures));
        failures += 1;
        onFailure();
      },
    );
  }

  function onOnline(): void {
    failures = 0;
    clearTimeout(timer);
    if (!isLoading) attempt();
  }

  window.addEventListener("online", onOnline);
  attempt();
  return stop;
}

/**
 * Loads code that someone has just asked for. Where it cannot be had, the page says so: asking
 * again tries again, since what comes by itself later would come between them and something else.
 */
export function loadOrTell<Code>(load: () => Promise<Code>, onCode: (code: Code) => void): void {
  load().then(onCode, () => connection.note(false));
}
