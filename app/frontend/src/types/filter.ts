export const TODO_FILTERS = ["all", "active", "done"] as const;

export type TodoFilter = (typeof TODO_FILTERS)[number];

export const TODO_SORTS = ["newest", "oldest", "priority", "title"] as const;

export type TodoSort = (typeof TODO_SORTS)[number];

/** Which todos a list shows, and in which order. */
export type TodoQuery = { q: string; show: TodoFilter; sort: TodoSort };
