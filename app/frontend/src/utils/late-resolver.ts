import type { FieldErrors, FieldValues, Resolver } from "react-hook-form";
import type * as z from "zod/mini";
import { texts } from "@/lib/texts";

/** Checks a form by a schema that comes when it is needed: validation is no part of first paint. */
export function lateResolver<Values extends FieldValues>(
  loadSchema: () => Promise<z.ZodMiniType<Values, Values>>,
): Resolver<Values> {
  return async (values, context, options) => {
    try {
      const [{ zodResolver }, schema] = await Promise.all([
        import("@hookform/resolvers/zod"),
        loadSchema(),
      ]);
      return zodResolver(schema)(values, context, options);
    } catch {
      // Code that cannot be fetched means a server that could not have answered either.
      const root = { type: "unreachable", message: texts.errors.unreachable };
      return { values: {}, errors: { root } as FieldErrors<Values> };
    }
  };
}
