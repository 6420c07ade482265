import { Input as BaseInput } from "@base-ui/react/input";
import type { ComponentProps } from "react";
import { cn } from "@/utils/cn";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <BaseInput className={cn("h-9 control", className)} {...props} />;
}
