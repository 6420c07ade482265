import { problemSchema, type Problem } from "@/schemas/problem";

/** The status of a request that never got an answer. */
export const NO_ANSWER = 0;

/** A request that failed, with the problem details when the server sent any. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem = {}, options?: ErrorOptions) {
    super(problem.detail ?? problem.title ?? fallbackMessage(status), options);
    this.name = "ApiError";
    this.status = status;
    this.problem = problem;
  }

  static from(status: number, body: unknown): ApiError {
    if (body instanceof Error) return new ApiError(status, {}, { cause: body });
    const parsed = problemSchema.safeParse(body);
    return new ApiError(status, parsed.success ? parsed.data : {});
  }

  /** Messages by field name, the first one for each. */
  get fields(): Record<string, string> {
    const entries: Record<string, string> = {};
    for (const { field, detail } of this.problem.errors ?? []) {
      // Backends report "body.title" or "title"; a form knows only its own name.
      const name = field.split(".").at(-1) ?? field;
      entries[name] ??= detail;
    }
    return entries;
  }
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** A sentence for people, whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof ApiError ? error.message : "Something went wrong. Please try again.";
}

function fallbackMessage(status: number): string {
  if (status === NO_ANSWER) return "The server cannot be reached. Check your connection.";
  if (status === 401) return "Your session has ended. Please sign in again.";
  if (status === 404) return "It is no longer there.";
  if (status === 429) return "Too many attempts. Wait a moment and try again.";
  if (status >= 500) return "The server has a problem. Please try again in a moment.";
  return "The request was not accepted.";
}
