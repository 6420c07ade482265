"use client";

import { Menu as BaseMenu } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { cn } from "@/utils/cn";

type MenuProps = { trigger: ReactElement; align?: "start" | "end"; children: ReactNode };

export function Menu({ trigger, align = "end", children }: MenuProps) {
  return (
    <BaseMenu.Root modal={false}>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner align={align} sideOffset={6} className="z-20 outline-none">
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
