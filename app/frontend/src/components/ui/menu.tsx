"use client";

import {
  cloneElement,
  useState,
  type ComponentProps,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from "react";

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
  const [parts, setParts] = useState<Parts>();
  if (parts) return <parts.LoadedMenu trigger={trigger}>{children(parts)}</parts.LoadedMenu>;

  // Offline nothing happens, and the next click tries again.
  const fetchParts = () => loadParts().catch(() => undefined);
  const open = () => void fetchParts().then(setParts);
  return cloneElement(trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onPointerEnter: fetchParts,
    onFocus: fetchParts,
    onClick: open,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      open();
    },
  });
}
