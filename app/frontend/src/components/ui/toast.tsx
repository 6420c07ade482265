"use client";

import {
  createContext,
  useContext,
  useEffect,
  useState,
  type ComponentType,
  type ReactNode,
} from "react";
import { keepLoading } from "@/lib/late-code";
import { whenAtRest } from "@/lib/when-at-rest";
import { createToastQueue, type ToastQueue } from "./toast-queue";

const ToastContext = createContext<ToastQueue | null>(null);

export function useToast(): ToastQueue {
  const queue = useContext(ToastContext);
  if (!queue) throw new Error("useToast needs a ToastProvider above it");
  return queue;
}

type View = ComponentType<{ queue: ToastQueue }>;

const loadView = () => import("./toast-view").then(({ ToastView }) => ToastView);

/**
 * Toasts, whose view comes once the page is at rest: before that hardly anyone
 * can have caused one, and later it has to be there when the network is not.
 */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [View, setView] = useState<View>();
  const [queue] = useState(() => createToastQueue(() => showView(setView)));
  useEffect(() => whenAtRest(() => keepLoading(loadView, (view) => setView(() => view))), []);

  return (
    <ToastContext value={queue}>
      {children}
      {View && <View queue={queue} />}
    </ToastContext>
  );
}

function showView(show: (view: () => View) => void): void {
  loadView().then(
    (view) => show(() => view),
    // It is being tried, or will be once the page is at rest.
    () => undefined,
  );
}
