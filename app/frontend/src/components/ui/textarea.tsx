import { Field } from "@base-ui/react/field";
import type { ComponentProps } from "react";
import { cn } from "@/utils/cn";

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return (
    <Field.Control
      render={
        <textarea
          className={cn("field-sizing-content control resize-none", className)}
          {...props}
        />
      }
    />
  );
}
