import { EventSource } from "eventsource";

/** An EventSource that tells of all that comes: a browser's own keeps the heartbeats to itself. */
export function openEventSource(address: URL, onSign: () => void): EventSource {
  const signs = () =>
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        onSign();
        controller.enqueue(chunk);
      },
    });
  return new EventSource(address, {
    fetch: async (input, init) => {
      const { body, headers, redirected, status, url } = await fetch(input, init);
      return { body: body && body.pipeThrough(signs()), headers, redirected, status, url };
    },
  });
}
