"use client";

import { CloudOff } from "lucide-react";
import { useConnection } from "@/hooks/use-connection";
import { texts } from "@/lib/texts";

/** Says that requests do not get through. Always in the document: only then is a change announced. */
export function ConnectionNotice() {
  const state = useConnection();
  return (
    <div role="status" data-testid="connection-notice" className="sticky top-0 z-20">
      {state !== "online" && (
        <p className="flex items-center justify-center gap-2 bg-ink px-4 py-2 text-sm text-canvas">
          <CloudOff className="size-4 shrink-0" aria-hidden />
          {texts.connection[state]}
        </p>
      )}
    </div>
  );
}
