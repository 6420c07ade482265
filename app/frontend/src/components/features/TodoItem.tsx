"use client";

import { Pencil, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { ROW_ID } from "@/hooks/use-row-focus";
import { texts } from "@/lib/texts";
import type { Todo } from "@/services/types";
import { cn } from "@/utils/cn";
import { PriorityLabel } from "./PriorityLabel";

type TodoItemProps = {
  todo: Todo;
  onToggle: (completed: boolean) => void;
  onEdit: () => void;
  onDelete: () => void;
};

export function TodoItem({ todo, onToggle, onEdit, onDelete }: TodoItemProps) {
  const { title, description, completed, priority } = todo;
  const isSaved = todo.id > 0;
  return (
    <li
      data-testid="todo-item"
      {...{ [ROW_ID]: todo.id }}
      inert={!isSaved}
      aria-busy={!isSaved}
      className="group/item relative flex items-start gap-3 rounded-md px-2 py-2.5 transition-colors hover:bg-hover has-focus-visible:bg-hover aria-busy:opacity-60"
    >
      <Checkbox
        data-testid="todo-checkbox"
        label={title}
        checked={completed}
        onCheckedChange={onToggle}
        className="mt-0.5"
      />
      <div className="min-w-0 flex-1" onDoubleClick={onEdit}>
        <div className="flex flex-wrap items-center gap-x-2.5">
          <p
            data-testid="todo-title"
            className={cn(
              "wrap-anywhere transition-colors",
              completed && "text-muted line-through decoration-line-strong",
            )}
          >
            {title}
          </p>
          {priority > 0 && (
            <p className="text-xs font-medium">
              <span className="sr-only">{texts.todos.priorityPrefix}</span>
              <PriorityLabel value={priority} muted={completed} />
            </p>
          )}
        </div>
        {description && (
          <p className="mt-0.5 line-clamp-2 text-sm wrap-anywhere whitespace-pre-line text-muted">
            {description}
          </p>
        )}
      </div>
      {/* Out of sight until wanted where a pointer can hover; always there for thumbs. Not before
          the server has the todo: there is nothing to change yet. */}
      {isSaved && (
        <div className="-my-1.5 -mr-2 flex transition-opacity group-focus-within/item:opacity-100 group-hover/item:opacity-100 [@media(hover:hover)]:opacity-0 [@media(pointer:fine)]:-my-1 [@media(pointer:fine)]:mr-0">
          <Button
            look="ghost"
            size="icon"
            data-testid="edit-todo"
            aria-label={texts.todos.edit(title)}
            onClick={onEdit}
          >
            <Pencil className="size-4" aria-hidden />
          </Button>
          <Button
            look="ghost"
            size="icon"
            data-testid="delete-todo"
            aria-label={texts.todos.delete(title)}
            onClick={onDelete}
            className="hover:text-danger"
          >
            <Trash2 className="size-4" aria-hidden />
          </Button>
        </div>
      )}
    </li>
  );
}
