import { texts } from "@/lib/texts";
import type { Problem } from "@/schemas/problem";

/** The status of a request that never got an answer. */
export const NO_ANSWER = 0;

/** A request that failed, with the problem details when the server sent any. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;
  /** What the server's logs know this request by. */
  readonly requestId?: string;

  constructor(
    status: number,
    problem: Problem = {},
    options: ErrorOptions & { requestId?: string } = {},
  ) {
    super(problem.detail ?? problem.title ?? fallbackMessage(status), options);
    this.name = "ApiError";
    this.status = status;
    this.problem = problem;
    this.requestId = options.requestId;
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

/** A change that was based on another version than the server has. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 412;
}

export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** A sentence for people, whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof ApiError ? error.message : texts.errors.unknown;
}

function fallbackMessage(status: number): string {
  if (status === NO_ANSWER) return texts.errors.unreachable;
  if (status === 401) return texts.errors.sessionEnded;
  if (status === 404) return texts.errors.gone;
  if (status === 429) return texts.errors.tooMany;
  if (status >= 500) return texts.errors.server;
  return texts.errors.refused;
}
