import { useQuery } from "@tanstack/react-query";
import { checkHealth } from "@/services/api";

const ONE_MINUTE = 60_000;

export function useHealth() {
  return useQuery({
    queryKey: ["health"],
    queryFn: checkHealth,
    refetchInterval: ONE_MINUTE,
    retry: false,
  });
}
