import * as sdk from "@/lib/api-client/sdk.gen";
import {
  sessionSchema,
  userSchema,
  type LoginValues,
  type RegisterValues,
  type User,
} from "@/schemas/auth";
import { assertOk, browserClient, unwrap } from "./client";

type Client = typeof browserClient;

/** Tokens travel as httpOnly cookies, where no script can read them. */
const transport = "cookie" as const;

export async function login(values: LoginValues): Promise<User> {
  const result = await sdk.login({ client: browserClient, body: { ...values, transport } });
  return unwrap(result, sessionSchema).user;
}

export async function registerAccount({ name, ...values }: RegisterValues): Promise<User> {
  const body = { ...values, ...(name && { name }), transport };
  return unwrap(await sdk.register({ client: browserClient, body }), sessionSchema).user;
}

export async function logout(): Promise<void> {
  assertOk(await sdk.logout({ client: browserClient }));
}

export async function getMe(client: Client = browserClient): Promise<User> {
  return unwrap(await sdk.getMe({ client }), userSchema);
}
