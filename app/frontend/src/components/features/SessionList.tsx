"use client";

import { useRef } from "react";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { useToast } from "@/components/ui/toast";
import { useEndOtherSessions, useEndSession, useSessions } from "@/hooks/use-account";
import { errorMessage } from "@/lib/api-error";
import { texts } from "@/lib/texts";
import type { OpenSession } from "@/services/types";
import { deviceName } from "@/utils/device-name";

const says = texts.account;

/** Where the person is signed in, and what ends that. */
export function SessionList() {
  const { data: sessions, error, refetch } = useSessions();
  const ending = useEndSession();
  const endingOthers = useEndOtherSessions();
  const toasts = useToast();
  const heading = useRef<HTMLHeadingElement>(null);
  const others = sessions?.filter(({ current }) => !current) ?? [];

  const options = {
    onError: (reason: Error) => toasts.add({ title: errorMessage(reason), priority: "high" }),
    // The button that did it goes with what it ended.
    onSuccess: () => heading.current?.focus(),
  } as const;

  return (
    <section aria-labelledby="sessions-heading">
      <div className="mb-2 flex min-h-9 items-center justify-between gap-4">
        <h2
          ref={heading}
          id="sessions-heading"
          tabIndex={-1}
          className="text-lg font-semibold outline-none"
        >
          {says.sessions}
        </h2>
        {others.length > 0 && (
          <Button
            data-testid="end-others"
            disabled={endingOthers.isPending}
            onClick={() => endingOthers.mutate(undefined, options)}
          >
            {says.endOthers}
          </Button>
        )}
      </div>
      {error && !sessions && (
        <div role="alert" className="text-sm">
          <p className="mb-3 text-muted">{errorMessage(error)}</p>
          <Button onClick={() => refetch()}>{texts.tryAgain}</Button>
        </div>
      )}
      {!error && !sessions && <Skeleton className="h-14 w-full rounded-md" />}
      {sessions && (
        <ul aria-labelledby="sessions-heading" className="divide-y divide-line">
          {sessions.map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              isEnding={ending.isPending && ending.variables.id === session.id}
              onEnd={() => ending.mutate(session, options)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

type SessionRowProps = { session: OpenSession; isEnding: boolean; onEnd: () => void };

function SessionRow({ session, isEnding, onEnd }: SessionRowProps) {
  const device = deviceName(session.user_agent) ?? says.unknownDevice;
  return (
    <li data-testid="session" className="flex items-center justify-between gap-4 py-3">
      <div className="min-w-0">
        <p className="truncate font-medium" title={session.user_agent ?? undefined}>
          {device}
        </p>
        <p className="text-sm text-muted">
          {says.signedIn(moment(session.created_at))} ·{" "}
          {says.lastUsed(moment(session.last_used_at))}
        </p>
      </div>
      {session.current ? (
        <p className="shrink-0 rounded-full bg-accent-soft px-2.5 py-1 text-xs font-medium text-accent-ink">
          {says.thisDevice}
        </p>
      ) : (
        <Button
          size="sm"
          data-testid="end-session"
          aria-label={says.endOf(device)}
          disabled={isEnding}
          onClick={onEnd}
        >
          {says.end}
        </Button>
      )}
    </li>
  );
}

const MOMENT = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

function moment(time: string): string {
  return MOMENT.format(new Date(time));
}
