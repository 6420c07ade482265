import { useSyncExternalStore } from "react";
import { connection, type Connection } from "@/lib/connection";

export function useConnection(): Connection {
  return useSyncExternalStore(connection.subscribe, connection.current, () => "online");
}
