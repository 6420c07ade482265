import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, isUnauthorized } from "@/lib/api-error";

const STALE_MS = 30_000;
const RETRIES = 2;

/** Marks mutations whose 401 means wrong credentials rather than an ended session. */
export const SIGNING_IN = { signingIn: true };

/** `onSessionEnd` runs when a request is refused and the session could not be renewed. */
export function createQueryClient(onSessionEnd: () => void): QueryClient {
  const check = (error: Error, meta?: Record<string, unknown>) => {
    if (isUnauthorized(error) && meta !== SIGNING_IN) onSessionEnd();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error) => check(error) }),
    mutationCache: new MutationCache({
      onError: (error, _values, _result, mutation) => check(error, mutation.meta),
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

function isRefusal(error: Error): boolean {
  return !(error instanceof ApiError) || (error.status >= 400 && error.status < 500);
}
