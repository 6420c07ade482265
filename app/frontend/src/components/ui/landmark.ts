/** Where popups go: into the page's main part, in which people who move by landmarks find them. */
export function landmark(): HTMLElement | undefined {
  if (typeof document === "undefined") return undefined;
  return document.getElementById("main") ?? undefined;
}
