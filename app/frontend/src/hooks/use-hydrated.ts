import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/**
 * False until React listens to the page. Controls that need scripts are
 * disabled until then, so that an early click or keystroke is not lost.
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
