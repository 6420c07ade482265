"use client";

import { Select as BaseSelect } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/utils/cn";
import { landmark } from "./landmark";

type SelectProps<V> = {
  label: string;
  value: V;
  onValueChange: (value: V) => void;
  options: { value: V; label: ReactNode }[];
  className?: string;
  "data-testid"?: string;
};

export function Select<V extends string | number>(props: SelectProps<V>) {
  const { label, value, onValueChange, options, className } = props;
  return (
    <BaseSelect.Root
      items={options}
      value={value}
      onValueChange={(next) => next !== null && onValueChange(next)}
    >
      <BaseSelect.Trigger
        aria-label={label}
        data-testid={props["data-testid"]}
        className={cn(
          "inline-flex h-8 items-center gap-1.5 rounded-md border border-line px-2.5 text-sm font-medium select-none hover:bg-hover",
          className,
        )}
      >
        <BaseSelect.Value />
        <BaseSelect.Icon>
          <ChevronDown className="size-3.5 text-faint" aria-hidden />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal container={landmark()}>
        <BaseSelect.Positioner
          align="start"
          sideOffset={6}
          alignItemWithTrigger={false}
          className="z-20 outline-none"
        >
          <BaseSelect.Popup className="min-w-40 popup">
            {options.map((option) => (
              <BaseSelect.Item key={option.value} value={option.value} className="popup-item">
                <BaseSelect.ItemText>{option.label}</BaseSelect.ItemText>
                <BaseSelect.ItemIndicator className="ml-auto">
                  <Check className="size-4 text-accent-ink" aria-hidden />
                </BaseSelect.ItemIndicator>
              </BaseSelect.Item>
            ))}
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}
