"use client";

import { useHealth } from "@/hooks/use-health";
import { texts } from "@/lib/texts";
import { cn } from "@/utils/cn";

const HEALTHY = /^(ok|healthy|pass)$/i;

export function HealthStatus() {
  const { data, isError, isPending } = useHealth();
  const healthy = data !== undefined && !isError && HEALTHY.test(data.status);
  return (
    <p role="status" data-testid="health-status" className="flex items-center gap-2">
      <span
        aria-hidden
        className={cn(
          "size-1.5 rounded-full",
          isPending ? "bg-line-strong" : healthy ? "bg-ok" : isError ? "bg-danger" : "bg-warn",
        )}
      />
      {isPending
        ? texts.health.checking
        : isError
          ? texts.health.unreachable
          : healthy
            ? texts.health.normal(data.version)
            : texts.health.reports(data.status, data.version)}
    </p>
  );
}
