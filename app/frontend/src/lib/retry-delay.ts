const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/** What to wait after so many failures: longer each time, and not as long as everybody else. */
export function retryDelay(failures: number, firstDelay = FIRST_DELAY_MS): number {
  const longest = Math.min(LONGEST_DELAY_MS, firstDelay * 2 ** failures);
  return longest * (0.5 + Math.random() / 2);
}
