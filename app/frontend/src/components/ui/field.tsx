import { Field as BaseField } from "@base-ui/react/field";
import type { ReactNode } from "react";
import { cn } from "@/utils/cn";

type FieldProps = {
  label: string;
  /** For forms whose placeholder already says it to those who see. */
  hideLabel?: boolean;
  hint?: string;
  error?: string;
  className?: string;
  children: ReactNode;
};

/** A control with its label, hint and error tied to it for assistive technology. */
export function Field({ label, hideLabel = false, hint, error, className, children }: FieldProps) {
  return (
    <BaseField.Root invalid={Boolean(error)} className={cn("flex flex-col gap-1.5", className)}>
      <BaseField.Label className={hideLabel ? "sr-only" : "text-sm font-medium"}>
        {label}
      </BaseField.Label>
      {children}
      {hint && !error && (
        <BaseField.Description className="text-xs text-muted">{hint}</BaseField.Description>
      )}
      <BaseField.Error match={Boolean(error)} className="text-xs text-danger">
        {error}
      </BaseField.Error>
    </BaseField.Root>
  );
}
