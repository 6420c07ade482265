"use client";

import { CloudOff, Inbox, Plus, SearchX } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { useToast } from "@/components/ui/toast";
import { useHydrated } from "@/hooks/use-hydrated";
import { useShortcuts } from "@/hooks/use-shortcuts";
import { useTodoActions } from "@/hooks/use-todo-actions";
import { useTodos } from "@/hooks/use-todos";
import { errorMessage } from "@/lib/api-error";
import type { Todo, TodoPage } from "@/services/types";
import type { TodoFilter } from "@/types/filter";
import { filterTodos } from "@/utils/filter-todos";
import { TodoForm } from "./TodoForm";
import { TodoItem } from "./TodoItem";
import { TodoListLoading, TodoListNotice } from "./TodoListStates";
import { TodoToolbar } from "./TodoToolbar";

/** One form at a time: a new todo's, or the one of the todo with this id. */
type Editing = "new" | number | null;

export function TodoList({ initialTodos }: { initialTodos?: TodoPage }) {
  const { todos, total, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useTodos(initialTodos);
  const [editing, setEditing] = useState<Editing>(null);
  const [filter, setFilter] = useState<TodoFilter>("all");
  const [search, setSearch] = useState("");
  const searchRef = useRef<HTMLInputElement>(null);
  const addRef = useRef<HTMLButtonElement>(null);
  const hydrated = useHydrated();
  const actions = useTodoActions(useToast());

  useShortcuts({
    n: () => setEditing("new"),
    "/": () => searchRef.current?.focus(),
  });

  function closeNew() {
    setEditing(null);
    // The form takes the focus away with it; hand it back to where it came from.
    addRef.current?.focus();
  }

  function row(todo: Todo) {
    if (editing !== todo.id) {
      return (
        <TodoItem
          key={todo.id}
          todo={todo}
          onToggle={(completed) => actions.toggle(todo, completed)}
          onEdit={() => setEditing(todo.id)}
          onDelete={() => actions.remove(todo)}
        />
      );
    }
    return (
      <li key={todo.id} className="my-1">
        <TodoForm
          submitLabel="Save"
          values={{ ...todo, description: todo.description ?? "" }}
          onCancel={() => setEditing(null)}
          onSubmit={async (values) => {
            await actions.edit(todo, values);
            setEditing(null);
          }}
        />
      </li>
    );
  }

  const shown = todos && filterTodos(todos, filter, search);
  const addButton = (
    <Button look="primary" onClick={() => setEditing("new")}>
      Add your first todo
    </Button>
  );

  return (
    <section aria-labelledby="todos-heading" className="flex flex-1 flex-col pt-4 sm:pt-8">
      <div className="mb-4 flex items-center justify-between gap-4">
        <h1 id="todos-heading" className="text-2xl font-semibold tracking-tight">
          Todos
        </h1>
        <Button
          ref={addRef}
          look="primary"
          data-testid="add-todo"
          disabled={!hydrated}
          onClick={() => setEditing("new")}
        >
          <Plus className="size-4" aria-hidden />
          Add
          <Kbd className="-mr-1.5 ml-1 border-white/25 bg-transparent text-white [@media(pointer:coarse)]:hidden">
            N
          </Kbd>
        </Button>
      </div>
      <TodoToolbar
        filter={filter}
        onFilter={setFilter}
        search={search}
        onSearch={setSearch}
        searchRef={searchRef}
      />
      {editing === "new" && (
        <div className="mt-3">
          <TodoForm
            submitLabel="Add todo"
            onCancel={closeNew}
            onSubmit={async (values) => {
              await actions.add(values);
              closeNew();
            }}
          />
        </div>
      )}
      <p aria-live="polite" className="sr-only">
        {shown && `${shown.length} of ${total} todos shown`}
      </p>
      {!shown && !error && <TodoListLoading />}
      {!shown && error && (
        <TodoListNotice
          alert
          icon={<CloudOff className="size-5" aria-hidden />}
          title="Your todos could not be loaded"
          text={errorMessage(error)}
          action={<Button onClick={() => refetch()}>Try again</Button>}
        />
      )}
      {shown?.length === 0 &&
        (todos?.length === 0 ? (
          editing !== "new" && (
            <TodoListNotice
              icon={<Inbox className="size-5" aria-hidden />}
              title="Nothing to do yet"
              text="Write down the first thing on your mind. It will be here when you come back."
              action={addButton}
            />
          )
        ) : (
          <TodoListNotice
            icon={<SearchX className="size-5" aria-hidden />}
            title="No todos match"
            text={search ? `Nothing here contains “${search.trim()}”.` : `No todos are ${filter}.`}
            action={
              <Button
                onClick={() => {
                  setFilter("all");
                  setSearch("");
                }}
              >
                Show all
              </Button>
            }
          />
        ))}
      {shown && shown.length > 0 && (
        <ul aria-label="Todos" className="-mx-2 mt-3 flex flex-col gap-px">
          {shown.map(row)}
        </ul>
      )}
      {hasNextPage && (
        <Button
          className="mt-4 self-center"
          data-testid="load-more"
          disabled={isFetchingNextPage}
          onClick={() => fetchNextPage()}
        >
          {isFetchingNextPage ? "Loading…" : `Load more of ${total}`}
        </Button>
      )}
    </section>
  );
}
