"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { Kbd } from "@/components/ui/kbd";
import { useShortcuts } from "@/hooks/use-shortcuts";

const loadDialog = () => import("@/components/ui/dialog").then(({ Dialog }) => Dialog);
const Dialog = dynamic(loadDialog);

const SHORTCUTS = [
  { keys: ["N"], does: "Add a todo" },
  { keys: ["J", "K"], does: "Move down, up" },
  { keys: ["Space"], does: "Complete" },
  { keys: ["E"], does: "Edit" },
  { keys: ["Delete"], does: "Delete" },
  { keys: ["Z"], does: "Undo a deletion" },
  { keys: ["/"], does: "Search" },
  { keys: ["Esc"], does: "Close" },
];

export function ShortcutsHelp() {
  const [open, setOpen] = useState<boolean>();
  useShortcuts({ "?": show });

  // Shown once its code is there: offline, nothing happens.
  function show() {
    loadDialog().then(
      () => setOpen(true),
      () => undefined,
    );
  }

  return (
    <>
      <button
        type="button"
        onClick={show}
        className="flex items-center gap-2 rounded-sm hover:text-ink [@media(pointer:coarse)]:hidden"
      >
        Shortcuts <Kbd>?</Kbd>
      </button>
      {open !== undefined && (
        <Dialog title="Keyboard shortcuts" open={open} onOpenChange={setOpen}>
          <dl className="flex flex-col gap-2.5 text-sm">
            {SHORTCUTS.map(({ keys, does }) => (
              <div key={does} className="flex items-center justify-between">
                <dt className="text-muted">{does}</dt>
                <dd className="flex gap-1">
                  {keys.map((key) => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </Dialog>
      )}
    </>
  );
}
