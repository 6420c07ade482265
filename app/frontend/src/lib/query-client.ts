import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, isUnauthorized, NO_ANSWER } from "@/lib/api-error";
import { connection } from "@/lib/connection";
import { reportError } from "@/lib/report";

const STALE_MS = 30_000;
const RETRIES = 2;

/** Marks mutations whose 401 means wrong credentials rather than an ended session. */
export const SIGNING_IN = { signingIn: true };

/** `onSessionEnd` runs when a request is refused and the session could not be renewed. */
export function createQueryClient(onSessionEnd: () => void): QueryClient {
  const check = (error: Error, meta?: Record<string, unknown>) => {
    if (isUnauthorized(error) && meta !== SIGNING_IN) onSessionEnd();
    if (error instanceof ApiError) connection.note(!isUnanswered(error));
    if (isFault(error)) reportError(error, "a request failed");
  };
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => check(error),
      onSuccess: () => connection.note(true),
    }),
    mutationCache: new MutationCache({
      onError: (error, _values, _result, mutation) => check(error, mutation.meta),
      onSuccess: () => connection.note(true),
    }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        // Asking again helps against outages, never against a refusal.
        retry: (failures, error) => failures < RETRIES && !isRefusal(error),
      },
    },
  });
}

/** What someone has to look into: not refusals, and not outages, which the server logs itself. */
function isFault(error: Error): boolean {
  return !(error instanceof ApiError) || error.status === 500;
}

/** By the server, or, as a proxy in front of it says, by the one behind it. */
function isUnanswered({ status }: ApiError): boolean {
  return status === NO_ANSWER || status === 502 || status === 504;
}

function isRefusal(error: Error): boolean {
  return !(error instanceof ApiError) || (error.status >= 400 && error.status < 500);
}
