import type { Metadata } from "next";
import { RegisterForm } from "@/components/features/RegisterForm";
import { Shell } from "@/components/features/Shell";
import { redirectIfSignedIn } from "../redirect-if-signed-in";

export const metadata: Metadata = { title: "Create account" };

export default async function RegisterPage() {
  await redirectIfSignedIn();
  return (
    <Shell>
      <RegisterForm />
    </Shell>
  );
}
