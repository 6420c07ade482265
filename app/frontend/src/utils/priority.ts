import { texts } from "@/lib/texts";

/** Priorities by value, 0 to 5: always a word, since colour alone tells some people nothing. */
const COLORS = [
  "text-faint",
  "text-priority-1",
  "text-priority-2",
  "text-priority-3",
  "text-priority-4",
  "text-priority-5",
];

export const PRIORITIES = COLORS.map((color, value) => ({
  label: texts.priorities[value] ?? String(value),
  color,
}));

export type PriorityLook = { label: string; color: string };

export function priorityOf(value: number): PriorityLook {
  return PRIORITIES[value] ?? { label: String(value), color: "text-faint" };
}
