import { texts } from "@/lib/texts";
import type { Todo } from "@/services/types";

const says = texts.todoForm;

/** What somebody did meanwhile to the todo being edited; null when they deleted it. */
export function TodoConflict({ theirs }: { theirs: Todo | null }) {
  return (
    <div
      role="alert"
      data-testid="todo-conflict"
      className="mb-2 rounded-md bg-accent-soft px-3 py-2 text-sm"
    >
      <p className="font-medium">{theirs ? says.changedElsewhere : says.goneElsewhere}</p>
      {theirs && (
        <p className="mt-0.5 line-clamp-4 wrap-anywhere whitespace-pre-line text-muted">
          {says.theirs(theirs.title)}
          {` · ${texts.priorities[theirs.priority]} · `}
          {theirs.completed ? texts.filters.done : texts.filters.active}
          {theirs.description && `\n${theirs.description}`}
        </p>
      )}
    </div>
  );
}
