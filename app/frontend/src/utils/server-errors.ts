import type { FieldValues, Path, UseFormSetError } from "react-hook-form";
import { ApiError, errorMessage } from "@/lib/api-error";

/** Shows a refusal beside the fields it names, or above the form when it names none of them. */
export function applyServerErrors<Values extends FieldValues>(
  error: unknown,
  names: Path<Values>[],
  setError: UseFormSetError<Values>,
): void {
  const fields = error instanceof ApiError ? error.fields : {};
  const known = names.filter((name) => fields[name]);
  for (const name of known)
    setError(name, { message: fields[name] }, { shouldFocus: name === known[0] });
  if (known.length === 0) setError("root", { message: errorMessage(error) });
}
