import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { LiveStatus } from "@/components/features/LiveStatus";
import { PasswordForm } from "@/components/features/PasswordForm";
import { SessionList } from "@/components/features/SessionList";
import { Shell } from "@/components/features/Shell";
import { UserMenu } from "@/components/features/UserMenu";
import { texts } from "@/lib/texts";
import { loadVisitor } from "@/services/home";

export const metadata: Metadata = { title: texts.account.page };

export default async function AccountPage() {
  const visitor = await loadVisitor(await cookies());
  if (!visitor) redirect("/login");
  return (
    <Shell menu={<UserMenu initialUser={visitor.user} />} live={<LiveStatus />}>
      <div className="flex flex-col gap-10 pt-4 pb-8 sm:pt-8">
        <div>
          <h1 className="text-2xl font-semibold tracking-tight">{texts.account.heading}</h1>
          {visitor.user && <p className="mt-1 text-sm text-muted">{visitor.user.email}</p>}
        </div>
        <SessionList />
        <PasswordForm />
      </div>
    </Shell>
  );
}
