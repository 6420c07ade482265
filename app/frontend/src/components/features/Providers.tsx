"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState, type ReactNode } from "react";
import { ToastProvider } from "@/components/ui/toast";
import { ThemeProvider } from "@/hooks/use-theme";
import { createQueryClient } from "@/lib/query-client";
import { signOut } from "@/lib/sign-out";
import type { Theme } from "@/types/theme";
import { ConnectionNotice } from "./ConnectionNotice";

export function Providers({ theme, children }: { theme: Theme; children: ReactNode }) {
  const router = useRouter();
  const [queryClient] = useState(() => {
    const client = createQueryClient(() => signOut(client, router, "expired"));
    return client;
  });
  return (
    <QueryClientProvider client={queryClient}>
      <ThemeProvider initial={theme}>
        <ConnectionNotice />
        <ToastProvider>{children}</ToastProvider>
      </ThemeProvider>
    </QueryClientProvider>
  );
}
