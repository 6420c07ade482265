import type { ComponentProps } from "react";
import { cn } from "@/utils/cn";

const LOOKS = {
  primary: "bg-accent text-white hover:bg-accent-hover",
  secondary: "border border-line bg-surface text-ink shadow-card hover:bg-hover",
  ghost: "text-muted hover:bg-hover hover:text-ink",
} as const;

const SIZES = {
  md: "h-9 px-3.5",
  sm: "h-8 px-2.5",
  icon: "size-9 [@media(pointer:fine)]:size-8",
} as const;

export type ButtonProps = ComponentProps<"button"> & {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
};

export function Button({ look = "secondary", size = "md", className, ...props }: ButtonProps) {
  return (
    <button
      // A button in a form submits it unless told otherwise; here it must be asked for.
      type="button"
      className={cn(
        "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md text-sm font-medium whitespace-nowrap transition-colors select-none disabled:opacity-55",
        LOOKS[look],
        SIZES[size],
        className,
      )}
      {...props}
    />
  );
}
