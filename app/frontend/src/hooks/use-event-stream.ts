import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { connection } from "@/lib/connection";
import { keepLoading } from "@/lib/late-code";
import { endSignOut, signOut } from "@/lib/sign-out";
import { whenAtRest } from "@/lib/when-at-rest";
import type { StreamState } from "@/services/event-stream";
import { SESSIONS_KEY } from "./use-account";
import { LOGOUT_KEY } from "./use-session";

const loadStream = () =>
  Promise.all([import("@/services/event-stream"), import("@/lib/live-todos")]);

type StreamCode = Awaited<ReturnType<typeof loadStream>>;

/**
 * Keeps the page in step with what happens elsewhere, from when it is at rest:
 * todos that change, sessions that end, and the page's own session among them.
 */
export function useEventStream(): StreamState {
  const client = useQueryClient();
  const router = useRouter();
  const [state, setState] = useState<StreamState>("connecting");

  useEffect(() => endSignOut(client), [client]);

  useEffect(() => {
    let close: (() => void) | undefined;

    function follow([{ openEventStream }, { followTodos }]: StreamCode) {
      const todos = followTodos(client);
      const disconnect = openEventStream({
        onState: (next) => {
          if (next === "live") connection.note(true);
          setState(next);
        },
        onGap: todos.refetch,
        onEvent: (event) => {
          if (event.name === "session.ended")
            void client.invalidateQueries({ queryKey: SESSIONS_KEY });
          else todos.take(event);
        },
        onEnd: (why) => {
          // Whoever asked for it here needs no reason, and gets there by the answer.
          if (client.isMutating({ mutationKey: LOGOUT_KEY }) === 0) signOut(client, router, why);
        },
      });
      close = () => {
        disconnect();
        todos.stop();
      };
    }

    // A stream whose code the network keeps away is as good as one that it cut.
    const onFailure = () => setState(navigator.onLine ? "reconnecting" : "offline");
    const cancel = whenAtRest(() => keepLoading(loadStream, follow, onFailure));
    return () => {
      cancel();
      close?.();
    };
  }, [client, router]);

  return state;
}
