"use client";

import type { ComponentProps } from "react";
import { cn } from "@/utils/cn";
import { useFieldControl } from "./field";

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      {...useFieldControl()}
      className={cn("control field-sizing-content h-auto resize-none", className)}
      {...props}
    />
  );
}
