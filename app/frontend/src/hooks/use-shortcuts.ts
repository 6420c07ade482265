import { useEffect, useRef } from "react";

/** Returning false leaves the key to the browser. */
type Shortcuts = Record<string, () => void | false>;

const TYPING =
  "input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]";

/** Single-key shortcuts, silent while someone types or holds a modifier. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest(TYPING)) return;
      if (!Object.hasOwn(latest.current, event.key)) return;
      const handled = latest.current[event.key]?.() !== false;
      // Else "n" would also be typed into the field that it opens.
      if (handled) event.preventDefault();
    }
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
