"use client";

import {
  createContext,
  useContext,
  useEffect,
  useState,
  type ComponentType,
  type ReactNode,
} from "react";
import { whenAtRest } from "@/lib/when-at-rest";
import { createToastQueue, type ToastQueue } from "./toast-queue";

const ToastContext = createContext<ToastQueue | null>(null);

export function useToast(): ToastQueue {
  const queue = useContext(ToastContext);
  if (!queue) throw new Error("useToast needs a ToastProvider above it");
  return queue;
}

/**
 * Toasts, whose view comes once the page is at rest: before that hardly anyone
 * can have caused one, and later it has to be there when the network is not.
 */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [View, setView] = useState<ComponentType<{ queue: ToastQueue }>>();
  const [queue] = useState(() => createToastQueue(() => loadView(setView)));
  useEffect(() => whenAtRest(() => loadView(setView)), []);

  return (
    <ToastContext value={queue}>
      {children}
      {View && <View queue={queue} />}
    </ToastContext>
  );
}

function loadView(show: (view: () => ComponentType<{ queue: ToastQueue }>) => void): void {
  import("./toast-view").then(
    ({ ToastView }) => show(() => ToastView),
    // The next toast asks again.
    () => undefined,
  );
}
