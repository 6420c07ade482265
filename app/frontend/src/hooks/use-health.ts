import { useQuery } from "@tanstack/react-query";
import { useAtRest } from "./use-at-rest";

const ONE_MINUTE = 60_000;

export function useHealth() {
  const enabled = useAtRest();
  return useQuery({
    enabled,
    queryKey: ["health"],
    // Late, like every service: requests and the checks of their answers are no part of first paint.
    queryFn: async () => (await import("@/services/api")).checkHealth(),
    refetchInterval: ONE_MINUTE,
    retry: false,
  });
}
