"use client";

import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { reportError } from "@/lib/report";
import { texts } from "@/lib/texts";

type BrokenPageProps = { error: Error & { digest?: string }; onRetry: () => void };

/** What shows in place of a page that failed; the reference finds it in the server's log. */
export function BrokenPage({ error, onRetry }: BrokenPageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    reportError(error, "a page broke");
    // What had the focus is gone.
    heading.current?.focus();
  }, [error]);

  return (
    <div role="alert" className="m-auto text-center">
      <h1 ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
        {texts.broken.title}
      </h1>
      <p className="mt-1 mb-5 text-sm text-muted">{texts.broken.text}</p>
      <Button onClick={onRetry}>{texts.tryAgain}</Button>
      {error.digest && (
        <p className="mt-5 text-xs text-muted">{texts.broken.reference(error.digest)}</p>
      )}
    </div>
  );
}
