"use client";

import { Menu as BaseMenu } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import { useEffect, useRef, type ComponentProps, type ReactElement, type ReactNode } from "react";
import { cn } from "@/utils/cn";
import { landmark } from "./landmark";

type LoadedMenuProps = { trigger: ReactElement; byKeyboard: boolean; children: ReactNode };

/** Opens as it appears, since the click that asked for it came before it. */
export function LoadedMenu({ trigger, byKeyboard, children }: LoadedMenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  const opened = useRef(!byKeyboard);
  useEffect(() => {
    // From the keyboard the first item gets the focus, which takes a click without a pointer.
    if (!opened.current) button.current?.click();
    opened.current = true;
  }, []);
  return (
    <BaseMenu.Root modal={false} defaultOpen={!byKeyboard}>
      <BaseMenu.Trigger ref={button} render={trigger} />
      <BaseMenu.Portal container={landmark()}>
        <BaseMenu.Positioner align="end" sideOffset={6} className="z-20 outline-none">
          <BaseMenu.Popup className="min-w-44 popup">{children}</BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

export function MenuItem({ className, ...props }: ComponentProps<typeof BaseMenu.Item>) {
  return <BaseMenu.Item className={cn("popup-item", className as string)} {...props} />;
}

export const MenuRadioGroup = BaseMenu.RadioGroup;

export function MenuRadioItem({ children, ...props }: ComponentProps<typeof BaseMenu.RadioItem>) {
  return (
    <BaseMenu.RadioItem className="popup-item" closeOnClick {...props}>
      {children}
      <BaseMenu.RadioItemIndicator className="ml-auto pl-4">
        <Check className="size-4 text-accent-ink" aria-hidden />
      </BaseMenu.RadioItemIndicator>
    </BaseMenu.RadioItem>
  );
}
