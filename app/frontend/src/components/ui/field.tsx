"use client";

import { createContext, useContext, useId, type ReactNode } from "react";
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

type ControlProps = { id?: string; "aria-invalid"?: true; "aria-describedby"?: string };

const FieldContext = createContext<ControlProps>({});

/** What ties a control to the label, hint and error of the field around it, if there is one. */
export function useFieldControl(): ControlProps {
  return useContext(FieldContext);
}

/** A control with its label, hint and error tied to it for assistive technology. */
export function Field({ label, hideLabel = false, hint, error, className, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  const control: ControlProps = {
    id,
    "aria-invalid": error ? true : undefined,
    "aria-describedby": note && `${id}-note`,
  };
  return (
    <FieldContext value={control}>
      <div className={cn("flex flex-col gap-1.5", className)}>
        <label htmlFor={id} className={hideLabel ? "sr-only" : "text-sm font-medium"}>
          {label}
        </label>
        {children}
        {note && (
          <p id={`${id}-note`} className={cn("text-xs", error ? "text-danger" : "text-muted")}>
            {note}
          </p>
        )}
      </div>
    </FieldContext>
  );
}
