import { http, HttpResponse } from "msw";
import { problem, server } from "./server";

type Connection = {
  lastEventId: string | null;
  isClosed: boolean;
  send: (name: string, data: unknown, id?: number) => void;
  ping: () => void;
  drop: () => void;
};

/** A backend's event stream, whose every connection a test holds in its hands. */
export function streamBackend() {
  const connections: Connection[] = [];
  const refusals: number[] = [];
  const state = { refuseWith: 0, greets: true, heartbeat: 15 };
  const encoder = new TextEncoder();

  server.use(
    http.get("*/api/v1/stream", ({ request }) => {
      if (state.refuseWith) {
        refusals.push(performance.now());
        return problem(state.refuseWith, "Not now.");
      }
      const lastEventId = new URL(request.url).searchParams.get("last_event_id");
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          const connection: Connection = {
            lastEventId,
            isClosed: false,
            send: (name, data, id) =>
              controller.enqueue(
                encoder.encode(
                  `event: ${name}\n${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(data)}\n\n`,
                ),
              ),
            ping: () => controller.enqueue(encoder.encode(": ping\n\n")),
            drop: () => controller.close(),
          };
          request.signal.addEventListener("abort", () => (connection.isClosed = true));
          connections.push(connection);
          if (state.greets)
            connection.send("ready", {
              resumed: lastEventId !== null,
              heartbeat_seconds: state.heartbeat,
            });
        },
      });
      return new HttpResponse(body, { headers: { "content-type": "text/event-stream" } });
    }),
  );

  return { state, connections, refusals, latest: () => connections.at(-1) as Connection };
}
