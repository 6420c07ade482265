"use client";

import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { texts } from "@/lib/texts";
import type { ToastQueue } from "./toast-queue";

/** How long an undo stays within reach. */
const TIMEOUT_MS = 6000;

export function ToastView({ queue }: { queue: ToastQueue }) {
  const [manager] = useState(() => Toast.createToastManager());
  // After the provider's own effect, which has the manager listened to.
  useEffect(() => queue.attach(manager), [queue, manager]);

  return (
    <Toast.Provider timeout={TIMEOUT_MS} limit={3} toastManager={manager}>
      <Toast.Portal>
        <Toast.Viewport className="fixed inset-x-4 bottom-4 z-30 mx-auto flex max-w-sm flex-col gap-2 sm:bottom-6">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={["down", "right"]}
      className="rounded-lg bg-ink text-canvas shadow-pop transition duration-200 ease-out data-ending-style:translate-y-2 data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-4 data-starting-style:opacity-0"
    >
      <Toast.Content className="flex min-h-11 items-center gap-1 py-1.5 pr-1.5 pl-4 text-sm">
        <Toast.Title className="min-w-0 flex-1 truncate font-medium" />
        <Toast.Action className="h-8 rounded-md px-2.5 font-semibold text-canvas underline underline-offset-3 hover:bg-[oklch(0.5_0_0/0.3)] focus-visible:outline-canvas" />
        <Toast.Close
          aria-label={texts.dismiss}
          className="flex size-8 items-center justify-center rounded-md opacity-70 hover:opacity-100 focus-visible:outline-canvas"
        >
          <X className="size-4" aria-hidden />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
