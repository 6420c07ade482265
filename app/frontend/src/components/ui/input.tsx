"use client";

import type { ComponentProps } from "react";
import { cn } from "@/utils/cn";
import { useFieldControl } from "./field";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input {...useFieldControl()} className={cn("control", className)} {...props} />;
}
