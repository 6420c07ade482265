import type { ReactNode } from "react";
import { cn } from "@/utils/cn";

export function Kbd({ className, children }: { className?: string; children: ReactNode }) {
  return <kbd className={cn("kbd", className)}>{children}</kbd>;
}
