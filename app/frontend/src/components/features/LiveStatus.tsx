"use client";

import { useEventStream } from "@/hooks/use-event-stream";
import { texts } from "@/lib/texts";

/** Says whether changes made elsewhere show up here; always in the document, to be announced. */
export function LiveStatus() {
  const state = useEventStream();
  return (
    <p role="status" data-testid="live-status" data-state={state} className="whitespace-nowrap">
      {(state === "live" || state === "reconnecting") && (
        <>
          <span aria-hidden>· </span>
          {texts.live[state]}
        </>
      )}
    </p>
  );
}
