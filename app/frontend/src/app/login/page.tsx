import type { Metadata } from "next";
import { LoginForm } from "@/components/features/LoginForm";
import { Shell } from "@/components/features/Shell";
import { redirectIfSignedIn } from "../redirect-if-signed-in";

export const metadata: Metadata = { title: "Sign in" };

export default async function LoginPage() {
  await redirectIfSignedIn();
  return (
    <Shell>
      <LoginForm />
    </Shell>
  );
}
