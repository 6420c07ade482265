import { useQuery } from "@tanstack/react-query";

const ONE_MINUTE = 60_000;

export function useHealth() {
  return useQuery({
    queryKey: ["health"],
    // Late, like every service: requests and the checks of their answers are no part of first paint.
    queryFn: async () => (await import("@/services/api")).checkHealth(),
    refetchInterval: ONE_MINUTE,
    retry: false,
  });
}
