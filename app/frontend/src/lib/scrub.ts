const HIDDEN = "[hidden]";

/** What can say who someone is or let someone in; the first that matches a piece of text takes it. */
const PRIVATE: [RegExp, string][] = [
  [/(\bhttps?:\/\/[^\s?#"'<>]*|\/[\w./~-]*)[?#][^\s"'<>]*/g, "$1"],
  [/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, HIDDEN],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN],
  [
    /\b(password|passwd|secret|token|authorization|cookie|session|api[_-]?key)(["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&}]+)/gi,
    `$1$2${HIDDEN}`,
  ],
  // Long runs without meaning to a reader: keys, hashes, opaque tokens.
  [/\b(?=[\w-]*\d)(?=[\w-]*[a-zA-Z])[\w-]{32,}\b/g, HIDDEN],
];

/** Text without query strings, addresses, tokens or passwords, no longer than `max`. */
export function scrub(text: string, max: number): string {
  // Cut first: the patterns never see more than they can do quickly.
  let clean = text.slice(0, max);
  for (const [pattern, replacement] of PRIVATE) clean = clean.replace(pattern, replacement);
  return clean.slice(0, max);
}
