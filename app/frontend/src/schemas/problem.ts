import { z } from "zod";

/** RFC 9457 problem details, the one shape in which the API reports errors. */
export const problemSchema = z.object({
  type: z.string().nullish(),
  title: z.string().nullish(),
  status: z.number().int().nullish(),
  detail: z.string().nullish(),
  errors: z.array(z.object({ field: z.string(), detail: z.string() })).nullish(),
});

export type Problem = z.infer<typeof problemSchema>;
