"use client";

import { Shell } from "@/components/features/Shell";
import { Button } from "@/components/ui/button";

export default function ErrorPage({ reset }: { reset: () => void }) {
  return (
    <Shell>
      <div role="alert" className="m-auto text-center">
        <h1 className="text-lg font-semibold">This page broke</h1>
        <p className="mt-1 mb-5 text-sm text-muted">Your todos are safe. Try once more.</p>
        <Button onClick={reset}>Try again</Button>
      </div>
    </Shell>
  );
}
