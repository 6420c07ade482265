/** In this order, because each names those after it too. */
const FAMILIES: [string, RegExp][] = [
  ["Edge", /\bEdg/],
  ["Opera", /\bOPR\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Firefox", /\b(Firefox|FxiOS)\//],
  ["Chrome", /\b(Chrome|CriOS|HeadlessChrome)\//],
  ["Safari", /\bSafari\//],
];

/** All that a log needs of a user agent: its full text nearly tells people apart. */
export function browserFamily(userAgent: string | null): string {
  return FAMILIES.find(([, pattern]) => pattern.test(userAgent ?? ""))?.[0] ?? "other";
}
