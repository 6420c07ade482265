import { BATCH_BYTES_MAX, ENTRIES_MAX } from "@/lib/log-limits";
import type { LogEntry } from "@/schemas/browser-log";

export const LOGS_PATH = "/api/logs";

const DELAY_MS = 3_000;

/** A page that fails in a loop says so this often, then stops. */
const ENTRIES_A_PAGE = 100;

let queue: LogEntry[] = [];
let accepted = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let isWatching = false;

/**
 * Queues an entry for the server, which gets them in batches. One that cannot
 * be delivered is dropped in silence: reporting it would be the next one.
 */
export function ship(entry: LogEntry): void {
  if (accepted >= ENTRIES_A_PAGE) return;
  accepted += 1;
  watchLeaving();
  queue.push(entry);
  if (queue.length >= ENTRIES_MAX) flush();
  else timer ??= setTimeout(flush, DELAY_MS);
}

function flush(): void {
  const body = nextBatch();
  if (!body) return;
  // Outlives the page, as a beacon does, and like one says whose page it is.
  fetch(LOGS_PATH, { method: "POST", body, headers: JSON_TYPE, keepalive: true }).catch(
    () => undefined,
  );
}

const JSON_TYPE = { "content-type": "application/json" };

function flushOnLeaving(): void {
  if (document.visibilityState !== "hidden") return;
  const body = nextBatch();
  if (body) navigator.sendBeacon(LOGS_PATH, new Blob([body], { type: JSON_TYPE["content-type"] }));
}

function nextBatch(): string | undefined {
  clearTimeout(timer);
  timer = undefined;
  const entries = queue;
  queue = [];
  const body = JSON.stringify({ entries });
  // Browsers refuse larger ones for requests that outlive the page, and so does the server.
  const fits = new TextEncoder().encode(body).length <= BATCH_BYTES_MAX;
  return entries.length > 0 && fits ? body : undefined;
}

function watchLeaving(): void {
  if (isWatching) return;
  isWatching = true;
  document.addEventListener("visibilitychange", flushOnLeaving);
}
