import * as z from "zod/mini";
import { NAME_MAX, PASSWORD_MAX, PASSWORD_MIN } from "@/lib/limits";
import { texts } from "@/lib/texts";
import { atMost, isLine, isVisible } from "./text";

const says = texts.rules;

const email = z.email(says.email);

export const loginSchema = z.object({
  email,
  // No length rule: an old password must be able to sign in even when the rule changes.
  password: z.string().check(z.minLength(1, says.passwordMissing)),
});

export const registerSchema = z.object({
  name: z.string().check(z.trim(), isVisible, isLine, atMost(NAME_MAX, says.nameLong(NAME_MAX))),
  email,
  password: z
    .string()
    .check(
      z.minLength(PASSWORD_MIN, says.passwordShort(PASSWORD_MIN)),
      z.maxLength(PASSWORD_MAX, says.passwordLong(PASSWORD_MAX)),
    ),
});

export const userSchema = z.object({
  id: z.union([z.int(), z.string()]),
  email: z.string(),
  name: z.nullish(z.string()),
  created_at: z.iso.datetime({ offset: true }),
});

export const sessionSchema = z.object({ user: userSchema });

export type LoginValues = z.infer<typeof loginSchema>;
export type RegisterValues = z.infer<typeof registerSchema>;
export type User = z.infer<typeof userSchema>;
