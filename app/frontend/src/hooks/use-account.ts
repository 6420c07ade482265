import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { OpenSession, PasswordChange } from "@/services/types";

// Late, like every service: requests and the checks of their answers are no part of first paint.
const service = () => import("@/services/account");

export const SESSIONS_KEY = ["sessions"] as const;

export function useSessions() {
  return useQuery({
    queryKey: SESSIONS_KEY,
    queryFn: async () => (await service()).getSessions(),
  });
}

export function useChangePassword() {
  return useSessionsMutation(async (change: PasswordChange) =>
    (await service()).changePassword(change),
  );
}

export function useEndSession() {
  return useSessionsMutation(async ({ id }: OpenSession) => (await service()).endSession(id));
}

export function useEndOtherSessions() {
  return useSessionsMutation(async () => (await service()).endOtherSessions());
}

function useSessionsMutation<Values>(mutationFn: (values: Values) => Promise<void>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => client.invalidateQueries({ queryKey: SESSIONS_KEY }),
  });
}
