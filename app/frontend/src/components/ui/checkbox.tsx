import { cn } from "@/utils/cn";

type CheckboxProps = {
  label: string;
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  className?: string;
  "data-testid"?: string;
};

/** A round checkbox; its target is wider than the circle, for thumbs. */
export function Checkbox({ label, checked, onCheckedChange, className, ...props }: CheckboxProps) {
  return (
    <button
      type="button"
      role="checkbox"
      aria-label={label}
      aria-checked={checked}
      onClick={() => onCheckedChange(!checked)}
      onKeyDown={(event) => {
        // A button would click on Enter; a checkbox answers to Space alone.
        if (event.key === "Enter") event.preventDefault();
      }}
      className={cn(
        "group relative flex size-5 shrink-0 items-center justify-center rounded-full border-[1.5px] transition-colors after:absolute after:-inset-2 hover:border-accent",
        checked ? "border-accent bg-accent" : "border-line-strong",
        className,
      )}
      {...props}
    >
      <svg
        viewBox="0 0 12 12"
        className={cn(
          "size-3 text-white transition-[scale] duration-150 ease-out",
          !checked && "scale-0",
        )}
        fill="none"
        aria-hidden
      >
        <path
          d="M2.5 6.5 5 9l4.5-6"
          stroke="currentColor"
          strokeWidth="1.75"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
    </button>
  );
}
