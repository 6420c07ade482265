import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { SIGNING_IN } from "@/lib/query-client";
import { signOut } from "@/lib/sign-out";
import type { LoginValues, RegisterValues, User } from "@/services/types";

// Late, like every service: requests and the checks of their answers are no part of first paint.
const service = () => import("@/services/auth");

const USER_KEY = ["user"] as const;

/** By which others know that an end of the session is wished for here. */
export const LOGOUT_KEY = ["logout"] as const;

export function useUser(initial?: User) {
  return useQuery({
    queryKey: USER_KEY,
    queryFn: async () => (await service()).getMe(),
    initialData: initial,
  });
}

export function useLogin() {
  return useSessionMutation(async (values: LoginValues) => (await service()).login(values));
}

export function useRegister() {
  return useSessionMutation(async (values: RegisterValues) =>
    (await service()).registerAccount(values),
  );
}

export function useLogout() {
  const client = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationKey: LOGOUT_KEY,
    mutationFn: async () => (await service()).logout(),
    onSuccess: () => signOut(client, router, "wish"),
  });
}

function useSessionMutation<Values>(mutationFn: (values: Values) => Promise<User>) {
  const client = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn,
    meta: SIGNING_IN,
    onSuccess: () => {
      client.clear();
      router.replace("/");
    },
  });
}
