"use client";

import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { cn } from "@/utils/cn";

type CheckboxProps = {
  label: string;
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  className?: string;
  "data-testid"?: string;
};

/** A round checkbox; its target is wider than the circle, for thumbs. */
export function Checkbox({ label, className, ...props }: CheckboxProps) {
  return (
    <BaseCheckbox.Root
      aria-label={label}
      className={cn(
        "group relative flex size-5 shrink-0 items-center justify-center rounded-full border-[1.5px] border-line-strong transition-colors after:absolute after:-inset-2 hover:border-accent data-checked:border-accent data-checked:bg-accent",
        className,
      )}
      {...props}
    >
      <BaseCheckbox.Indicator className="flex text-white transition-[scale] duration-150 ease-out data-starting-style:scale-50">
        <svg viewBox="0 0 12 12" className="size-3" fill="none" aria-hidden>
          <path
            d="M2.5 6.5 5 9l4.5-6"
            stroke="currentColor"
            strokeWidth="1.75"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
      </BaseCheckbox.Indicator>
    </BaseCheckbox.Root>
  );
}
