"use client";

import { useState } from "react";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { useShortcuts } from "@/hooks/use-shortcuts";

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
  const [open, setOpen] = useState(false);
  useShortcuts({ "?": () => setOpen(true) });
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="flex items-center gap-2 rounded-sm hover:text-ink [@media(pointer:coarse)]:hidden"
      >
        Shortcuts <Kbd>?</Kbd>
      </button>
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
    </>
  );
}
