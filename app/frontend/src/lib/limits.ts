/** The API's limits, apart from the schemas so that a page can name them without loading zod. */
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;
export const NAME_MAX = 100;
export const TITLE_MAX = 100;
export const DESCRIPTION_MAX = 500;
export const PRIORITY_MAX = 5;
export const QUERY_MAX = 100;
