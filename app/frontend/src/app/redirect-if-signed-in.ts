import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { isSignedIn } from "@/services/home";

/** Only a confirmed session skips these pages: a stale cookie would send the visitor in circles. */
export async function redirectIfSignedIn(): Promise<void> {
  if (await isSignedIn(await cookies())) redirect("/");
}
