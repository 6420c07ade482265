import { useSyncExternalStore } from "react";

/** Next's navigation, for pages rendered without Next: the address is the browser's own. */
export const replace = jest.fn();
export const push = jest.fn();

const router = { replace, push };
export const useRouter = () => router;

export function redirect(path: string): never {
  throw new Error(`redirected to ${path}`);
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

if (typeof window !== "undefined") {
  const replaceState = window.history.replaceState.bind(window.history);
  // Next listens to it in the same way.
  window.history.replaceState = (...args) => {
    replaceState(...args);
    for (const listener of listeners) listener();
  };
}

export function useSearchParams(): URLSearchParams {
  const search = useSyncExternalStore(
    subscribe,
    () => window.location.search,
    () => "",
  );
  return new URLSearchParams(search);
}
