import { useRef } from "react";
import { errorMessage } from "@/lib/api-error";
import { texts } from "@/lib/texts";
import type { TodoFormValues } from "@/schemas/todo";
import type { Todo } from "@/services/types";
import { useCreateTodo, useDeleteTodo, useUpdateTodo } from "./use-todos";

type Toasts = {
  add: (toast: {
    title: string;
    priority?: "low" | "high";
    actionProps?: { children: string; onClick: () => void };
    onClose?: () => void;
  }) => string;
  close: (id: string) => void;
};

/** What a person does to todos, with the words said about it. */
export function useTodoActions(toasts: Toasts) {
  const creation = useCreateTodo();
  const update = useUpdateTodo();
  const deletion = useDeleteTodo();
  const lastDeletion = useRef<(() => void) | null>(null);

  function fail(title: (reason: string) => string, error: unknown): void {
    toasts.add({ title: title(errorMessage(error)), priority: "high" });
  }

  function add(values: TodoFormValues): Promise<Todo> {
    return creation.mutateAsync({ ...values, description: values.description || null });
  }

  function edit(todo: Todo, values: TodoFormValues): Promise<Todo> {
    const { title, description, priority } = values;
    return update.mutateAsync({
      id: todo.id,
      changes: { title, description: description || null, priority },
    });
  }

  function toggle(todo: Todo, completed: boolean): void {
    update.mutate(
      { id: todo.id, changes: { completed } },
      { onError: (error) => fail(texts.todos.notSaved, error) },
    );
  }

  function remove(todo: Todo): void {
    const undo = () => {
      lastDeletion.current = null;
      toasts.close(id);
      restore(todo);
    };
    const id = toasts.add({
      title: texts.todos.deleted(todo.title),
      actionProps: { children: texts.todos.undo, onClick: undo },
      onClose: () => {
        if (lastDeletion.current === undo) lastDeletion.current = null;
      },
    });
    lastDeletion.current = undo;
    deletion.mutate(todo, {
      onError: (error) => {
        toasts.close(id);
        fail(texts.todos.notDeleted, error);
      },
    });
  }

  /** Takes the last deletion back, as long as its toast offers it. */
  function undo(): void {
    lastDeletion.current?.();
  }

  /** The API has no undelete: the todo comes back as a new one with the same content. */
  function restore({ title, description, completed, priority }: Todo): void {
    creation.mutate(
      { title, description, completed, priority },
      { onError: (error) => fail(texts.todos.notRestored, error) },
    );
  }

  return { add, edit, toggle, remove, undo };
}
