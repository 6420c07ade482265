import type { ComponentProps } from "react";
import { cn } from "@/utils/cn";

const LOOKS = { primary: "button-primary", secondary: "button-secondary", ghost: "button-ghost" };

const SIZES = { md: "button-md", sm: "button-sm", icon: "button-icon" };

export type ButtonProps = ComponentProps<"button"> & {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
};

export function Button({ look = "secondary", size = "md", className, ...props }: ButtonProps) {
  return (
    <button
      // A button in a form submits it unless told otherwise; here it must be asked for.
      type="button"
      className={cn("button", LOOKS[look], SIZES[size], className)}
      {...props}
    />
  );
}
