import Link from "next/link";
import type { ReactNode } from "react";
import { texts } from "@/lib/texts";
import { HealthStatus } from "./HealthStatus";
import { Logo } from "./Logo";
import { ThemeToggle } from "./ThemeToggle";

type ShellProps = { menu?: ReactNode; help?: ReactNode; live?: ReactNode; children: ReactNode };

/** The frame of every page: navigation, one column, footer. */
export function Shell({ menu, help, live, children }: ShellProps) {
  return (
    <div className="mx-auto flex min-h-dvh max-w-2xl flex-col px-4 sm:px-6">
      <header className="flex h-14 items-center justify-between">
        <nav aria-label={texts.app.mainNavigation}>
          <Link
            href="/"
            prefetch={false}
            className="flex items-center gap-2 rounded-sm text-sm font-semibold"
          >
            <Logo className="size-5" />
            {texts.app.name}
          </Link>
        </nav>
        <div className="-mr-2 flex items-center gap-0.5">
          <ThemeToggle />
          {menu}
        </div>
      </header>
      <main id="main" tabIndex={-1} className="flex flex-1 flex-col outline-none">
        {children}
      </main>
      <footer className="flex h-14 items-center justify-between text-xs text-muted">
        <div className="flex items-center gap-1">
          <HealthStatus />
          {live}
        </div>
        {help}
      </footer>
    </div>
  );
}
