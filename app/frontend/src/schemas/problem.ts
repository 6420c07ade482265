import * as z from "zod/mini";

/** RFC 9457 problem details, the one shape in which the API reports errors. */
export const problemSchema = z.object({
  type: z.nullish(z.string()),
  title: z.nullish(z.string()),
  status: z.nullish(z.int()),
  detail: z.nullish(z.string()),
  errors: z.nullish(z.array(z.object({ field: z.string(), detail: z.string() }))),
});

export type Problem = z.infer<typeof problemSchema>;
