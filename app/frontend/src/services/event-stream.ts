import { isUnauthorized } from "@/lib/api-error";
import { retryDelay } from "@/lib/retry-delay";
import { eventSchemas, readEvent, type EventName, type StreamEvent } from "@/schemas/event";
import { getMe } from "./auth";
import { openEventSource } from "./event-source";
import { TIME_LIMIT_MS } from "./time-limit";

export type StreamState = "connecting" | "live" | "reconnecting" | "offline" | "ended";

/** What happened; the other events are about the stream itself. */
export type NewsEvent = Extract<StreamEvent, { name: `todo.${string}` | "session.ended" }>;

type Handlers = {
  onEvent: (event: NewsEvent) => void;
  /** Events may have been missed, and will not come again. */
  onGap: () => void;
  onState: (state: StreamState) => void;
  /** The session is over, by somebody's doing or by its age. */
  onEnd: (why: "revoked" | "expired") => void;
};

/** Browsers open six connections to a server, which all tabs share. */
const HIDDEN_MS = 60_000;
/** More than one, since a busy server or network delays them. */
const HEARTBEATS_AWAITED = 2.5;

type Timing = { firstDelay?: number; hiddenFor?: number; greetsWithin?: number };

const NAMES = Object.keys(eventSchemas) as EventName[];

/**
 * Holds a connection to the event stream, and makes a new one when it ends: a
 * browser's own EventSource would give up on any refusal, and all clients
 * would come back at the same moment. Returns what closes it.
 */
export function openEventStream(
  { onEvent, onGap, onState, onEnd }: Handlers,
  { firstDelay, hiddenFor = HIDDEN_MS, greetsWithin = TIME_LIMIT_MS }: Timing = {},
): () => void {
  let source: ReturnType<typeof openEventSource> | undefined;
  let lastId = "";
  let failures = 0;
  let state: StreamState | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;
  let longestSilence = greetsWithin;

  function setState(next: StreamState): void {
    if (next !== state) onState((state = next));
  }

  function connect(): void {
    disconnect();
    if (!navigator.onLine) return setState("offline");
    if (state === undefined || state === "offline") setState("connecting");
    const url = new URL("/api/v1/stream", window.location.origin);
    if (lastId) url.searchParams.set("last_event_id", lastId);
    const opened = openEventSource(url, () => {
      if (opened === source) awaitSign();
    });
    source = opened;
    longestSilence = greetsWithin;
    awaitSign();
    for (const name of NAMES)
      opened.addEventListener(name, (event: MessageEvent<string>) => receive(name, event));
    opened.onerror = () => {
      if (opened === source) reconnect();
    };
  }

  function disconnect(): void {
    clearTimeout(retryTimer);
    retryTimer = undefined;
    clearTimeout(silenceTimer);
    source?.close();
    source = undefined;
  }

  /** A server that hangs, or a network that went away unnoticed, closes no connection. */
  function awaitSign(): void {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(() => {
      setState("reconnecting");
      reconnect();
    }, longestSilence);
  }

  function receive(name: EventName, { data, lastEventId }: MessageEvent<string>): void {
    // The browser repeats the last id for events without one.
    if (lastEventId) lastId = lastEventId;
    const event = readEvent(name, data);
    if (!event) return onGap();
    if (event.name === "ready") {
      failures = 0;
      longestSilence = event.data.heartbeat_seconds * 1000 * HEARTBEATS_AWAITED;
      awaitSign();
      setState("live");
      if (!event.data.resumed) onGap();
    } else if (event.name === "reset") {
      onGap();
    } else if (event.name === "bye") {
      if (event.data.reason === "session_ended") end("revoked");
      else reconnect();
    } else {
      onEvent(event);
    }
  }

  function reconnect(): void {
    disconnect();
    if (!navigator.onLine) return setState("offline");
    // A stream that was fine until now is most likely back before anyone has read that it is not.
    if (failures > 0) setState("reconnecting");
    retryTimer = setTimeout(checkSession, retryDelay(failures, firstDelay));
    failures += 1;
  }

  /** An EventSource does not say why it failed: asked for the user, the session is renewed or over. */
  async function checkSession(): Promise<void> {
    const timer = retryTimer;
    try {
      await getMe();
    } catch (error) {
      if (timer !== retryTimer) return;
      if (!isUnauthorized(error)) return reconnect();
      return end("expired");
    }
    if (timer === retryTimer) connect();
  }

  function end(why: "revoked" | "expired"): void {
    disconnect();
    setState("ended");
    onEnd(why);
  }

  function onOnline(): void {
    if (state !== "ended") connect();
  }

  function onOffline(): void {
    disconnect();
    if (state !== "ended") setState("offline");
  }

  function onVisibility(): void {
    clearTimeout(hiddenTimer);
    if (document.visibilityState === "hidden") hiddenTimer = setTimeout(disconnect, hiddenFor);
    else if (!source && state !== "ended") connect();
  }

  window.addEventListener("online", onOnline);
  window.addEventListener("offline", onOffline);
  document.addEventListener("visibilitychange", onVisibility);
  connect();

  return () => {
    window.removeEventListener("online", onOnline);
    window.removeEventListener("offline", onOffline);
    document.removeEventListener("visibilitychange", onVisibility);
    clearTimeout(hiddenTimer);
    disconnect();
  };
}
