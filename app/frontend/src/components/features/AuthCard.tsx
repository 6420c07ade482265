"use client";

import Link from "next/link";
import type { ReactNode, SubmitEventHandler } from "react";
import { Button } from "@/components/ui/button";
import { useHydrated } from "@/hooks/use-hydrated";

type AuthCardProps = {
  title: string;
  text: string;
  /** What brought the visitor here. */
  notice?: string;
  submitLabel: string;
  busy: boolean;
  error?: string;
  onSubmit: SubmitEventHandler<HTMLFormElement>;
  other: { question: string; href: string; label: string };
  children: ReactNode;
};

/** The frame that signing in and registering share. */
export function AuthCard(props: AuthCardProps) {
  const { title, text, notice, submitLabel, busy, error, onSubmit, other, children } = props;
  const hydrated = useHydrated();
  return (
    <div className="mx-auto flex w-full flex-1 flex-col justify-center py-10 sm:max-w-88">
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      <p className="mt-1 mb-6 text-sm text-muted">{text}</p>
      {notice && (
        <p
          role="status"
          data-testid="auth-notice"
          className="mb-4 rounded-md bg-accent-soft px-3 py-2 text-sm text-accent-ink"
        >
          {notice}
        </p>
      )}
      {/* "post": should scripts fail, the password must never end up in the address bar. */}
      <form
        noValidate
        method="post"
        onSubmit={(event) => {
          if (busy) event.preventDefault();
          else onSubmit(event);
        }}
      >
        {/* Not while busy: what is disabled loses the focus, and a refusal would leave it nowhere. */}
        <fieldset disabled={!hydrated} className="flex flex-col gap-4">
          {error && (
            <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
              {error}
            </p>
          )}
          {children}
          <Button
            look="primary"
            type="submit"
            aria-disabled={busy}
            className="mt-1 w-full aria-disabled:opacity-55"
          >
            {submitLabel}
          </Button>
        </fieldset>
      </form>
      <p className="mt-6 text-center text-sm text-muted">
        {other.question}{" "}
        <Link
          href={other.href}
          className="rounded-sm font-medium text-accent-ink underline-offset-3 hover:underline"
        >
          {other.label}
        </Link>
      </p>
    </div>
  );
}
