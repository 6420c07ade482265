import { Flag } from "lucide-react";
import { cn } from "@/utils/cn";
import { priorityOf } from "@/utils/priority";

type PriorityLabelProps = { value: number; muted?: boolean };

export function PriorityLabel({ value, muted = false }: PriorityLabelProps) {
  const { label, color } = priorityOf(value);
  return (
    <span
      className={cn("inline-flex items-center gap-1.5 align-top", muted ? "text-muted" : color)}
    >
      <Flag className="size-3.5" aria-hidden fill={value >= 4 ? "currentColor" : "none"} />
      {label}
    </span>
  );
}
