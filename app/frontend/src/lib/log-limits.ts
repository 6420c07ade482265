/** What one batch of browser logs may hold; both ends keep to it. */
export const ENTRIES_MAX = 20;
export const MESSAGE_MAX = 500;
export const STACK_MAX = 2_000;
export const PATH_MAX = 200;
export const BATCH_BYTES_MAX = 64 * 1024;
