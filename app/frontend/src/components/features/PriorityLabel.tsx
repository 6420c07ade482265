import { Flag } from "lucide-react";
import { cn } from "@/utils/cn";
import { priorityOf } from "@/utils/priority";

export function PriorityLabel({ value, className }: { value: number; className?: string }) {
  const { label, color } = priorityOf(value);
  return (
    <span className={cn("inline-flex items-center gap-1.5 align-top", color, className)}>
      <Flag className="size-3.5" aria-hidden fill={value >= 4 ? "currentColor" : "none"} />
      {label}
    </span>
  );
}
