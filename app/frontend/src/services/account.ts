import * as sdk from "@/lib/api-client/sdk.gen";
import { ApiError } from "@/lib/api-error";
import { openSessionsSchema, type OpenSession, type PasswordChange } from "@/schemas/account";
import { assertOk, browserClient, unwrap } from "./client";

const client = browserClient;

/** Ends all other sessions, too. */
export async function changePassword(body: PasswordChange): Promise<void> {
  assertOk(await sdk.changePassword({ client, body }));
}

export async function getSessions(): Promise<OpenSession[]> {
  return unwrap(await sdk.listSessions({ client }), openSessionsSchema);
}

export async function endSession(id: string): Promise<void> {
  try {
    assertOk(await sdk.endSession({ client, path: { session_id: id } }));
  } catch (error) {
    // It has ended already, which is what was wanted.
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}

export async function endOtherSessions(): Promise<void> {
  assertOk(await sdk.endOtherSessions({ client }));
}
