import * as z from "zod/mini";

export const healthSchema = z.object({
  status: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
  version: z.string(),
  service: z.string(),
});

export type Health = z.infer<typeof healthSchema>;
