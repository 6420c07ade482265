import { waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { openEventStream, type StreamState } from "@/services/event-stream";
import { ada, problem, server, startServer, todo } from "@/test/server";
import { streamBackend } from "@/test/stream";

startServer();

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
  jest.restoreAllMocks();
});

function open(limits = {}) {
  const states: StreamState[] = [];
  const [onEvent, onGap, onEnd] = [jest.fn(), jest.fn(), jest.fn()];
  const close = openEventStream(
    { onEvent, onGap, onEnd, onState: (state) => states.push(state) },
    { firstDelay: 5, hiddenFor: 5, ...limits },
  );
  closers.push(close);
  return { states, onEvent, onGap, onEnd, close };
}

function signedIn() {
  server.use(http.get("*/api/v1/auth/me", () => HttpResponse.json(ada)));
}

function become(what: "online" | "offline") {
  jest.spyOn(navigator, "onLine", "get").mockReturnValue(what === "online");
  window.dispatchEvent(new Event(what));
}

function show(state: DocumentVisibilityState) {
  jest.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
}

describe("the event stream", () => {
  it("hands events on, and says when some may be missing", async () => {
    const backend = streamBackend();
    const { states, onEvent, onGap } = open();
    await waitFor(() => expect(states).toEqual(["connecting", "live"]));
    expect(onGap).toHaveBeenCalledTimes(1);
    backend.latest().send("todo.created", todo(), 5);
    backend.latest().send("todo.deleted", { id: 1 }, 6);
    await waitFor(() => expect(onEvent).toHaveBeenCalledTimes(2));
    expect(onEvent).toHaveBeenCalledWith({ name: "todo.created", data: todo() });
    backend.latest().send("reset", { reason: "position_unknown" }, 7);
    await waitFor(() => expect(onGap).toHaveBeenCalledTimes(2));
    backend.latest().send("todo.updated", { id: "not a todo" }, 8);
    await waitFor(() => expect(onGap).toHaveBeenCalledTimes(3));
  });

  it.each(["drop", "bye"])("comes back after a %s, from the last event on", async (how) => {
    signedIn();
    const backend = streamBackend();
    const { states, onEvent, onGap } = open();
    await waitFor(() => expect(states).toContain("live"));
    backend.latest().send("todo.created", todo(), 41);
    await waitFor(() => expect(onEvent).toHaveBeenCalled());
    if (how === "bye") backend.latest().send("bye", { reason: "expired" });
    else backend.latest().drop();
    await waitFor(() => expect(backend.connections).toHaveLength(2));
    expect(backend.latest().lastEventId).toBe("41");
    expect(onGap).toHaveBeenCalledTimes(1);
    // It was back before anyone could have read otherwise.
    expect(states).toEqual(["connecting", "live"]);
  });

  it("waits longer after each refusal, and comes back in the end", async () => {
    signedIn();
    jest.spyOn(Math, "random").mockReturnValue(1);
    const backend = streamBackend();
    backend.state.refuseWith = 503;
    const { states } = open();
    await waitFor(() => expect(backend.refusals.length).toBeGreaterThan(4));
    const waits = backend.refusals.slice(1).map((at, i) => at - Number(backend.refusals[i]));
    [5, 10, 20, 40].forEach((least, i) => expect(waits[i]).toBeGreaterThan(least - 2));
    expect(states).toEqual(["connecting", "reconnecting"]);
    backend.state.refuseWith = 0;
    await waitFor(() => expect(states).toEqual(["connecting", "reconnecting", "live"]));
  });

  it("renews an expired session once, and gives up when it is over", async () => {
    const backend = streamBackend();
    backend.state.refuseWith = 401;
    let refreshes = 0;
    let isRenewable = true;
    server.use(
      http.get("*/api/v1/auth/me", () =>
        backend.state.refuseWith ? problem(401, "Expired.") : HttpResponse.json(ada),
      ),
      http.post("*/api/v1/auth/refresh", () => {
        refreshes += 1;
        if (isRenewable) backend.state.refuseWith = 0;
        return isRenewable ? HttpResponse.json({}) : problem(401, "Sign in again.");
      }),
    );
    const { states, onEnd } = open();
    await waitFor(() => expect(states).toEqual(["connecting", "live"]));
    expect(refreshes).toBe(1);
    isRenewable = false;
    backend.state.refuseWith = 401;
    backend.latest().drop();
    await waitFor(() => expect(states.at(-1)).toBe("ended"));
    expect(onEnd).toHaveBeenCalledWith("expired");
    const { length } = backend.connections;
    become("online");
    show("visible");
    expect(backend.connections).toHaveLength(length);
  });

  it.each([
    ["the backend is away", () => problem(502, "No answer.")],
    ["the database is away", () => problem(503, "Try later.")],
    ["the network is away", () => HttpResponse.error()],
  ])("comes back when the session expired while %s", async (_what, failure) => {
    const backend = streamBackend();
    let isExpired = false;
    let isAway = true;
    let refreshes = 0;
    server.use(
      http.get("*/api/v1/auth/me", () =>
        isExpired ? problem(401, "Expired.") : HttpResponse.json(ada),
      ),
      http.post("*/api/v1/auth/refresh", () => {
        refreshes += 1;
        if (isAway) return failure();
        isExpired = false;
        return HttpResponse.json({});
      }),
    );
    const { states, onEnd } = open();
    await waitFor(() => expect(states).toEqual(["connecting", "live"]));
    isExpired = true;
    backend.latest().send("bye", { reason: "expired" });
    await waitFor(() => expect(refreshes).toBeGreaterThan(1));
    isAway = false;
    await waitFor(() => expect(states).toEqual(["connecting", "live", "reconnecting", "live"]));
    expect(onEnd).not.toHaveBeenCalled();
  });

  it("is lost when nothing comes any more, not even heartbeats", async () => {
    signedIn();
    const backend = streamBackend();
    backend.state.heartbeat = 0.2;
    const { states } = open();
    await waitFor(() => expect(states).toEqual(["connecting", "live"]));
    const first = backend.latest();
    for (let beats = 0; beats < 20; beats += 1) {
      await new Promise((done) => setTimeout(done, 50));
      first.ping();
    }
    expect(backend.connections).toHaveLength(1);
    await waitFor(() => expect(backend.connections).toHaveLength(2));
    expect(first.isClosed).toBe(true);
    await waitFor(() => expect(states).toEqual(["connecting", "live", "reconnecting", "live"]));
  });

  it("is not waited for without end", async () => {
    signedIn();
    const backend = streamBackend();
    backend.state.greets = false;
    const { states } = open({ greetsWithin: 50 });
    await waitFor(() => expect(backend.connections.length).toBeGreaterThan(1));
    backend.state.greets = true;
    await waitFor(() => expect(states).toEqual(["connecting", "reconnecting", "live"]));
  });

  it("is over at once when its session is ended, unlike when another one is", async () => {
    const backend = streamBackend();
    const { states, onEvent, onEnd } = open();
    await waitFor(() => expect(states).toContain("live"));
    backend.latest().send("session.ended", { id: "another" }, 9);
    await waitFor(() => expect(onEvent).toHaveBeenCalled());
    expect(onEnd).not.toHaveBeenCalled();
    backend.latest().send("bye", { reason: "session_ended" });
    await waitFor(() => expect(onEnd).toHaveBeenCalledWith("revoked"));
    expect(states.at(-1)).toBe("ended");
    expect(backend.connections).toHaveLength(1);
  });

  it("rests while offline or out of sight", async () => {
    const backend = streamBackend();
    const { states } = open();
    await waitFor(() => expect(states).toEqual(["connecting", "live"]));
    become("offline");
    await waitFor(() => expect(backend.latest().isClosed).toBe(true));
    expect(states.at(-1)).toBe("offline");
    become("online");
    await waitFor(() => expect(states.at(-1)).toBe("live"));
    show("hidden");
    await waitFor(() => expect(backend.latest().isClosed).toBe(true));
    show("visible");
    await waitFor(() => expect(backend.connections).toHaveLength(3));
  });

  it("ends with the page that opened it", async () => {
    const backend = streamBackend();
    const { states, close } = open();
    await waitFor(() => expect(states).toContain("live"));
    close();
    await waitFor(() => expect(backend.latest().isClosed).toBe(true));
    become("online");
    expect(backend.connections).toHaveLength(1);
  });
});
