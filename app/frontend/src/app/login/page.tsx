import type { Metadata } from "next";
import { LoginForm } from "@/components/features/LoginForm";
import { Shell } from "@/components/features/Shell";
import { texts } from "@/lib/texts";
import { redirectIfSignedIn } from "../redirect-if-signed-in";

export const metadata: Metadata = { title: texts.auth.signIn.page };

export default async function LoginPage() {
  await redirectIfSignedIn();
  return (
    <Shell>
      <LoginForm />
    </Shell>
  );
}
