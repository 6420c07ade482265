import { useRef } from "react";
import { errorMessage, isConflict } from "@/lib/api-error";
import { texts } from "@/lib/texts";
import { uniqueId } from "@/lib/unique-id";
import type { TodoFormValues } from "@/schemas/todo";
import type { CreateTodo, Todo } from "@/services/types";
import {
  useCreateTodo,
  useDeleteTodo,
  useFreshTodo,
  useUpdateTodo,
  type NewTodo,
} from "./use-todos";

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
  const fetchFresh = useFreshTodo();
  const lastDeletion = useRef<(() => void) | null>(null);
  const lastKey = useRef({ of: "", key: "" });
  const drafts = useRef(0);

  function fail(title: (reason: string) => string, error: unknown): void {
    toasts.add({ title: title(errorMessage(error)), priority: "high" });
  }

  function add(values: TodoFormValues): Promise<Todo> {
    const todo = { ...values, description: values.description || null };
    // Sent again by hand after an answer was lost, the same todo must not come twice.
    const of = JSON.stringify(todo);
    if (lastKey.current.of !== of) lastKey.current = { of, key: uniqueId() };
    const { key } = lastKey.current;
    return creation.mutateAsync(drafted(todo, key)).then((created) => {
      if (lastKey.current.key === key) lastKey.current = { of: "", key: "" };
      return created;
    });
  }

  function drafted(todo: CreateTodo, key: string): NewTodo {
    drafts.current += 1;
    const draft: Todo = {
      id: -drafts.current,
      version: 0,
      title: todo.title,
      description: todo.description ?? null,
      completed: todo.completed ?? false,
      priority: todo.priority ?? 0,
      created_at: new Date().toISOString(),
      updated_at: null,
    };
    return { todo, key, draft };
  }

  /** Refused with a conflict when the todo has changed since the given version. */
  function edit(id: number, values: TodoFormValues, version: number): Promise<Todo> {
    const { title, description, priority } = values;
    return update.mutateAsync({
      id,
      changes: { title, description: description || null, priority },
      version,
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
    deletion.mutateAsync(todo).catch((error: unknown) => {
      toasts.close(id);
      if (isConflict(error)) void askAgain(todo);
      else fail(texts.todos.notDeleted, error);
    });
  }

  /** Somebody changed what was about to go: it stays, and says so. */
  async function askAgain({ id }: Todo): Promise<void> {
    try {
      const fresh = await fetchFresh(id);
      const toast = toasts.add({
        title: texts.todos.changedNotDeleted(fresh.title),
        actionProps: {
          children: texts.todos.deleteAnyway,
          onClick: () => {
            toasts.close(toast);
            remove(fresh);
          },
        },
      });
    } catch (error) {
      fail(texts.todos.notDeleted, error);
    }
  }

  /** Takes the last deletion back, as long as its toast offers it. */
  function undo(): void {
    lastDeletion.current?.();
  }

  /** The API has no undelete: the todo comes back as a new one with the same content. */
  function restore({ title, description, completed, priority }: Todo): void {
    creation.mutate(drafted({ title, description, completed, priority }, uniqueId()), {
      onError: (error) => fail(texts.todos.notRestored, error),
    });
  }

  return { add, edit, toggle, remove, undo, fetchFresh };
}
