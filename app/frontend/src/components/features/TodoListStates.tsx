import type { ReactNode } from "react";
import { Skeleton } from "@/components/ui/skeleton";
import { texts } from "@/lib/texts";

/** Rows of different widths, so that waiting looks like what is coming. */
const WIDTHS = ["w-3/5", "w-2/5", "w-1/2", "w-1/3"];

export function TodoListLoading() {
  return (
    <div role="status" className="-mx-2 mt-3">
      <span className="sr-only">{texts.todos.loading}</span>
      {WIDTHS.map((width) => (
        <div key={width} className="flex h-11 items-center gap-3 px-2">
          <Skeleton className="size-5 rounded-full" />
          <Skeleton className={`h-3.5 rounded-sm ${width}`} />
        </div>
      ))}
    </div>
  );
}

type NoticeProps = {
  icon: ReactNode;
  title: string;
  text: string;
  action?: ReactNode;
  alert?: boolean;
};

/** An empty or failed list: what happened, and what to do about it. */
export function TodoListNotice({ icon, title, text, action, alert = false }: NoticeProps) {
  return (
    <div
      role={alert ? "alert" : undefined}
      className="flex flex-col items-center px-4 py-16 text-center"
    >
      <div className="mb-4 flex size-11 items-center justify-center rounded-full bg-accent-soft text-accent-ink">
        {icon}
      </div>
      <h2 className="font-semibold">{title}</h2>
      <p className="mt-1 max-w-72 text-sm text-balance text-muted">{text}</p>
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}
