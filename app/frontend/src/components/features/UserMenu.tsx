"use client";

import { CircleUserRound, LogOut, UserRoundCog } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { useToast } from "@/components/ui/toast";
import { useLogout, useUser } from "@/hooks/use-session";
import { errorMessage } from "@/lib/api-error";
import { texts } from "@/lib/texts";
import type { User } from "@/services/types";

export function UserMenu({ initialUser }: { initialUser?: User }) {
  const { data: user } = useUser(initialUser);
  const toast = useToast();
  const logout = useLogout();
  return (
    <Menu
      trigger={
        <Button look="ghost" size="icon" aria-label={texts.auth.account} data-testid="user-menu">
          <CircleUserRound className="size-4.5" aria-hidden />
        </Button>
      }
    >
      {({ MenuItem }) => (
        <>
          {user && (
            <div className="mb-1 max-w-64 border-b border-line px-2 pt-1.5 pb-2 text-sm">
              {user.name && <p className="truncate font-medium">{user.name}</p>}
              <p className="truncate text-muted">{user.email}</p>
            </div>
          )}
          <MenuItem data-testid="account" render={<Link href="/account" prefetch={false} />}>
            <UserRoundCog className="size-4 text-muted" aria-hidden />
            {texts.account.menu}
          </MenuItem>
          <MenuItem
            data-testid="logout"
            onClick={() =>
              logout.mutate(undefined, {
                onError: (error) => toast.add({ title: errorMessage(error), priority: "high" }),
              })
            }
          >
            <LogOut className="size-4 text-muted" aria-hidden />
            {texts.auth.logOut}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
