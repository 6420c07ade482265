export type Toast = {
  title: string;
  priority?: "low" | "high";
  actionProps?: { children: string; onClick: () => void };
  onClose?: () => void;
};

export type ToastView = {
  add: (toast: Toast & { id: string }) => void;
  close: (id: string) => void;
};

export type ToastQueue = {
  add: (toast: Toast) => string;
  close: (id: string) => void;
  /** Hands what has waited, and all that comes, to a view. */
  attach: (view: ToastView) => void;
};

/** Takes toasts before there is a view of them, and asks for one when it has the first. */
export function createToastQueue(needView: () => void): ToastQueue {
  let waiting: (Toast & { id: string })[] = [];
  let attached: ToastView | undefined;
  let count = 0;

  return {
    add(toast) {
      const id = `toast-${(count += 1)}`;
      if (attached) {
        attached.add({ ...toast, id });
      } else {
        waiting.push({ ...toast, id });
        needView();
      }
      return id;
    },
    close(id) {
      attached?.close(id);
      waiting = waiting.filter((toast) => toast.id !== id);
    },
    attach(view) {
      attached = view;
      for (const toast of waiting.splice(0)) view.add(toast);
    },
  };
}
