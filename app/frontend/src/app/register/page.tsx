import type { Metadata } from "next";
import { RegisterForm } from "@/components/features/RegisterForm";
import { Shell } from "@/components/features/Shell";
import { texts } from "@/lib/texts";
import { redirectIfSignedIn } from "../redirect-if-signed-in";

export const metadata: Metadata = { title: texts.auth.register.page };

export default async function RegisterPage() {
  await redirectIfSignedIn();
  return (
    <Shell>
      <RegisterForm />
    </Shell>
  );
}
