export const TODO_FILTERS = ["all", "active", "done"] as const;

export type TodoFilter = (typeof TODO_FILTERS)[number];
