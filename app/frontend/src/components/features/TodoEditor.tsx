"use client";

import { useState } from "react";
import { isConflict, isGone } from "@/lib/api-error";
import { texts } from "@/lib/texts";
import type { TodoFormValues } from "@/schemas/todo";
import type { Todo } from "@/services/types";
import { TodoConflict } from "./TodoConflict";
import { TodoForm } from "./TodoForm";

const says = texts.todoForm;

type TodoEditorProps = {
  /** As it was when it was opened: what is typed is a change of that. */
  todo: Todo;
  onEdit: (id: number, values: TodoFormValues, version: number) => Promise<unknown>;
  onAdd: (values: TodoFormValues) => Promise<unknown>;
  fetchFresh: (id: number) => Promise<Todo>;
  onClose: () => void;
};

// One chunk: where there is one form, the other is a key away.
export { TodoForm };

/** Edits a todo, and lets the person decide when somebody else was faster. */
export function TodoEditor({ todo, onEdit, onAdd, fetchFresh, onClose }: TodoEditorProps) {
  const [theirs, setTheirs] = useState<Todo | null>();

  async function save(values: TodoFormValues) {
    if (theirs === null) {
      await onAdd(values);
      return onClose();
    }
    try {
      await onEdit(todo.id, values, (theirs ?? todo).version);
    } catch (error) {
      if (!isConflict(error) && !isGone(error)) throw error;
      return setTheirs(isGone(error) ? null : await fetchOrNull());
    }
    onClose();
  }

  function fetchOrNull(): Promise<Todo | null> {
    return fetchFresh(todo.id).catch((error: unknown) => {
      if (isGone(error)) return null;
      throw error;
    });
  }

  return (
    <TodoForm
      values={{ ...todo, description: todo.description ?? "" }}
      isDone={todo.completed}
      notice={theirs !== undefined && <TodoConflict theirs={theirs} />}
      submitLabel={theirs ? says.overwrite : theirs === null ? says.saveAsNew : says.save}
      cancelLabel={theirs === undefined ? says.cancel : says.discard}
      onCancel={onClose}
      onSubmit={save}
    />
  );
}
