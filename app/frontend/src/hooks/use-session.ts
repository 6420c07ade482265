import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { SIGNING_IN } from "@/lib/query-client";
import { getMe, login, logout, registerAccount } from "@/services/auth";
import type { LoginValues, RegisterValues, User } from "@/services/types";

const USER_KEY = ["user"] as const;

export function useUser(initial?: User) {
  return useQuery({ queryKey: USER_KEY, queryFn: () => getMe(), initialData: initial });
}

export function useLogin() {
  return useSessionMutation((values: LoginValues) => login(values));
}

export function useRegister() {
  return useSessionMutation((values: RegisterValues) => registerAccount(values));
}

export function useLogout() {
  const client = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: logout,
    onSuccess: () => {
      router.replace("/login");
      // The next person at this browser must find nothing of the last one's.
      client.clear();
    },
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
