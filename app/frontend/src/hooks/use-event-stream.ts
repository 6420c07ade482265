import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { whenIdle } from "@/lib/when-idle";
import type { StreamState } from "@/services/event-stream";

/** Keeps the lists in step with changes made elsewhere, from when the page is at rest. */
export function useEventStream(): StreamState {
  const client = useQueryClient();
  const [state, setState] = useState<StreamState>("connecting");

  useEffect(() => {
    let close: (() => void) | undefined;
    let isUnmounted = false;

    async function follow() {
      const [{ openEventStream }, { followTodos }] = await Promise.all([
        import("@/services/event-stream"),
        import("@/lib/live-todos"),
      ]);
      if (isUnmounted) return;
      const todos = followTodos(client);
      const disconnect = openEventStream({
        onState: setState,
        onGap: todos.refetch,
        onEvent: (event) => {
          if ("id" in event.data) todos.take(event as Parameters<typeof todos.take>[0]);
        },
      });
      close = () => {
        disconnect();
        todos.stop();
      };
    }

    // Without its code, which the network kept away, the page works as it did before there was one.
    const cancel = whenIdle(() => void follow().catch(() => undefined));
    return () => {
      isUnmounted = true;
      cancel();
      close?.();
    };
  }, [client]);

  return state;
}
