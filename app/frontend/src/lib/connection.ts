export type Connection = "online" | "offline" | "unreachable";

let isReachable = true;
const listeners = new Set<() => void>();

/** Whether requests get through: the browser's word, and what the last request met. */
export const connection = {
  current(): Connection {
    if (!navigator.onLine) return "offline";
    return isReachable ? "online" : "unreachable";
  },
  /** Tells how the last request went. */
  note(reached: boolean): void {
    if (reached === isReachable) return;
    isReachable = reached;
    for (const listener of listeners) listener();
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    window.addEventListener("online", listener);
    window.addEventListener("offline", listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener("online", listener);
      window.removeEventListener("offline", listener);
    };
  },
};
