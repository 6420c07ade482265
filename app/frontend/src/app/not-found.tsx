import type { Metadata } from "next";
import Link from "next/link";
import { Shell } from "@/components/features/Shell";
import { texts } from "@/lib/texts";

export const metadata: Metadata = { title: texts.notFound.title };

export default function NotFound() {
  return (
    <Shell>
      <div className="m-auto text-center">
        <h1 className="text-lg font-semibold">{texts.notFound.title}</h1>
        <p className="mt-1 text-sm text-muted">{texts.notFound.text}</p>
        <p className="mt-5">
          <Link href="/" className="text-sm font-medium text-accent-ink hover:underline">
            {texts.notFound.home}
          </Link>
        </p>
      </div>
    </Shell>
  );
}
