/** The bottom of an error: `fetch` says "fetch failed" and hides why; a stack says even less. */
export function reasonOf(error: unknown): string {
  let bottom = error;
  while (bottom instanceof Error && bottom.cause instanceof Error) bottom = bottom.cause;
  return String(bottom);
}
