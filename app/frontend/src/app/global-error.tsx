"use client";

import "./globals.css";
import { BrokenPage } from "@/components/features/BrokenPage";
import { texts } from "@/lib/texts";

type GlobalErrorProps = { error: Error & { digest?: string }; reset: () => void };

/** Stands in for the whole document when even the layout failed: it can rely on nothing above it. */
export default function GlobalError({ error, reset }: GlobalErrorProps) {
  return (
    <html lang="en">
      <body>
        <title>{texts.broken.title}</title>
        <main className="flex min-h-dvh px-4">
          <BrokenPage error={error} onRetry={reset} />
        </main>
      </body>
    </html>
  );
}
