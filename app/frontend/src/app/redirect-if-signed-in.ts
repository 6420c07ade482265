import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { loadHome } from "@/services/home";

/** Only a confirmed session skips these pages: a stale cookie would send the visitor in circles. */
export async function redirectIfSignedIn(): Promise<void> {
  const home = await loadHome(await cookies());
  if (home?.user) redirect("/");
}
