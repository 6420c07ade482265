"use client";

import { BrokenPage } from "@/components/features/BrokenPage";
import { Shell } from "@/components/features/Shell";

type ErrorPageProps = { error: Error & { digest?: string }; reset: () => void };

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <Shell>
      <BrokenPage error={error} onRetry={reset} />
    </Shell>
  );
}
