import * as z from "zod/mini";
import { PASSWORD_MAX, PASSWORD_MIN } from "@/lib/limits";
import { texts } from "@/lib/texts";

const says = texts.rules;

export const passwordChangeSchema = z.object({
  current_password: z
    .string()
    .check(
      z.minLength(1, says.currentPasswordMissing),
      z.maxLength(PASSWORD_MAX, says.passwordLong(PASSWORD_MAX)),
    ),
  new_password: z
    .string()
    .check(
      z.minLength(PASSWORD_MIN, says.passwordShort(PASSWORD_MIN)),
      z.maxLength(PASSWORD_MAX, says.passwordLong(PASSWORD_MAX)),
    ),
});

/** A place where somebody is signed in. */
export const openSessionSchema = z.object({
  id: z.string(),
  created_at: z.iso.datetime({ offset: true }),
  last_used_at: z.iso.datetime({ offset: true }),
  user_agent: z.nullable(z.string()),
  current: z.boolean(),
});

export const openSessionsSchema = z.array(openSessionSchema);

export type PasswordChange = z.infer<typeof passwordChangeSchema>;
export type OpenSession = z.infer<typeof openSessionSchema>;
