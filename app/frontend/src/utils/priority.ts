/** Priorities by value, 0 to 5: always a word, since colour alone tells some people nothing. */
export const PRIORITIES = [
  { label: "None", color: "text-faint" },
  { label: "Lowest", color: "text-priority-1" },
  { label: "Low", color: "text-priority-2" },
  { label: "Medium", color: "text-priority-3" },
  { label: "High", color: "text-priority-4" },
  { label: "Urgent", color: "text-priority-5" },
] as const;

export type PriorityLook = (typeof PRIORITIES)[number];

export function priorityOf(value: number): PriorityLook {
  return PRIORITIES[value] ?? PRIORITIES[0];
}
