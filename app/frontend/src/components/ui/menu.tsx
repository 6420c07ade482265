"use client";

import {
  cloneElement,
  useState,
  type ComponentProps,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
} from "react";
import { loadOrTell } from "@/lib/late-code";

const loadParts = () => import("./menu-parts");

type Parts = Awaited<ReturnType<typeof loadParts>>;

type MenuProps = {
  trigger: ReactElement<ComponentProps<"button">>;
  children: (parts: Parts) => ReactNode;
};

/**
 * A menu whose code comes when someone reaches for it: placing a popup and
 * walking it by keyboard would be a seventh of every page's scripts.
 */
export function Menu({ trigger, children }: MenuProps) {
  const [loaded, setLoaded] = useState<{ parts: Parts; byKeyboard: boolean }>();
  if (loaded) {
    const { parts, byKeyboard } = loaded;
    return (
      <parts.LoadedMenu trigger={trigger} byKeyboard={byKeyboard}>
        {children(parts)}
      </parts.LoadedMenu>
    );
  }

  // Who has only come near need not hear that the code could not be had; who clicks does.
  const fetchParts = () => loadParts().catch(() => undefined);
  const open = (byKeyboard: boolean) =>
    loadOrTell(loadParts, (parts) => setLoaded({ parts, byKeyboard }));
  return cloneElement(trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onPointerEnter: fetchParts,
    onFocus: fetchParts,
    onClick: (event: MouseEvent) => open(event.detail === 0),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      open(true);
    },
  });
}
