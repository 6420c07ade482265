"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { Kbd } from "@/components/ui/kbd";
import { useShortcuts } from "@/hooks/use-shortcuts";
import { loadOrTell } from "@/lib/late-code";
import { texts } from "@/lib/texts";

const loadDialog = () => import("@/components/ui/dialog").then(({ Dialog }) => Dialog);
const Dialog = dynamic(loadDialog);

const SHORTCUTS = [
  { keys: ["N"], does: texts.shortcuts.add },
  { keys: ["J", "K"], does: texts.shortcuts.move },
  { keys: ["Space"], does: texts.shortcuts.complete },
  { keys: ["E"], does: texts.shortcuts.edit },
  { keys: ["Delete"], does: texts.shortcuts.delete },
  { keys: ["Z"], does: texts.shortcuts.undo },
  { keys: ["/"], does: texts.shortcuts.search },
  { keys: ["Ctrl/⌘", "Enter"], does: texts.shortcuts.save },
  { keys: ["Esc"], does: texts.shortcuts.close },
];

export function ShortcutsHelp() {
  const [open, setOpen] = useState<boolean>();
  useShortcuts({ "?": show });

  // Shown once its code is there: without it, it would take the page with it.
  function show() {
    loadOrTell(loadDialog, () => setOpen(true));
  }

  return (
    <>
      <button
        type="button"
        onClick={show}
        className="flex items-center gap-2 rounded-sm hover:text-ink [@media(pointer:coarse)]:hidden"
      >
        {texts.shortcuts.open} <Kbd>?</Kbd>
      </button>
      {open !== undefined && (
        <Dialog title={texts.shortcuts.title} open={open} onOpenChange={setOpen}>
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
