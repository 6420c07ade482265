import type { Metadata } from "next";
import { LoginForm } from "@/components/features/LoginForm";
import { Shell } from "@/components/features/Shell";
import { texts } from "@/lib/texts";
import { redirectIfSignedIn } from "../redirect-if-signed-in";

export const metadata: Metadata = { title: texts.auth.signIn.page };

/** Why a page brought its visitor here. */
const NOTICES = new Map([
  ["revoked", texts.auth.revoked],
  ["expired", texts.errors.sessionEnded],
]);

type LoginPageProps = { searchParams: Promise<{ ended?: string | string[] }> };

export default async function LoginPage({ searchParams }: LoginPageProps) {
  await redirectIfSignedIn();
  const { ended } = await searchParams;
  return (
    <Shell>
      <LoginForm notice={NOTICES.get(String(ended))} />
    </Shell>
  );
}
