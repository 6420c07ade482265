import { z } from "zod";

export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;

const email = z.email("Enter an email address, such as you@example.com");

export const loginSchema = z.object({
  email,
  // No length rule: an old password must be able to sign in even when the rule changes.
  password: z.string().min(1, "Enter your password"),
});

export const registerSchema = z.object({
  name: z.string().trim().max(100, "Keep the name within 100 characters"),
  email,
  password: z
    .string()
    .min(PASSWORD_MIN, `Use at least ${PASSWORD_MIN} characters`)
    .max(PASSWORD_MAX, `Use at most ${PASSWORD_MAX} characters`),
});

export const userSchema = z.object({
  id: z.union([z.number().int(), z.string()]),
  email: z.string(),
  name: z.string().nullish(),
  created_at: z.iso.datetime({ offset: true }),
});

export const sessionSchema = z.object({ user: userSchema });

export type LoginValues = z.infer<typeof loginSchema>;
export type RegisterValues = z.infer<typeof registerSchema>;
export type User = z.infer<typeof userSchema>;
