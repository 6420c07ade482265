"use client";

import { CloudOff, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { useToast } from "@/components/ui/toast";
import { useHydrated } from "@/hooks/use-hydrated";
import { useRowFocus } from "@/hooks/use-row-focus";
import { useShortcuts } from "@/hooks/use-shortcuts";
import { useTodoActions } from "@/hooks/use-todo-actions";
import { useTodos } from "@/hooks/use-todos";
import { errorMessage } from "@/lib/api-error";
import { texts } from "@/lib/texts";
import type { TodoFormValues } from "@/schemas/todo";
import type { Todo, TodoPage } from "@/services/types";
import type { TodoFilter } from "@/types/filter";
import { filterTodos } from "@/utils/filter-todos";
import { TodoItem } from "./TodoItem";
import { NoMatch, NoTodos } from "./TodoListEmpty";
import { TodoListLoading, TodoListNotice } from "./TodoListStates";
import { TodoToolbar } from "./TodoToolbar";

// The list comes first; the form follows it.
const loadForm = () => import("./TodoForm").then(({ TodoForm }) => TodoForm);
const TodoForm = dynamic(loadForm);

/** One form at a time: a new todo's, or the one of the todo with this id. */
type Editing = "new" | number | null;

export function TodoList({ initialTodos }: { initialTodos?: TodoPage }) {
  const { todos, total, error, refetch, ...pages } = useTodos(initialTodos);
  const [editing, setEditing] = useState<Editing>(null);
  const [filter, setFilter] = useState<TodoFilter>("all");
  const [search, setSearch] = useState("");
  const searchRef = useRef<HTMLInputElement>(null);
  const addRef = useRef<HTMLButtonElement>(null);
  const headingRef = useRef<HTMLHeadingElement>(null);
  const hydrated = useHydrated();
  const actions = useTodoActions(useToast());
  const { listRef, focusedId, move, focusRow, focusBeside } = useRowFocus();

  useEffect(() => {
    loadForm().catch(() => undefined);
  }, []);

  function onFocused(act: (todo: Todo) => void): void | false {
    const id = focusedId();
    const todo = todos?.find((each) => each.id === id);
    if (!todo) return false;
    act(todo);
  }

  useShortcuts({
    n: openNew,
    "/": () => searchRef.current?.focus(),
    j: () => move(1),
    k: () => move(-1),
    // Arrows scroll the page unless a row has the focus.
    ArrowDown: () => onFocused(() => move(1)),
    ArrowUp: () => onFocused(() => move(-1)),
    e: () => onFocused((todo) => open(todo.id)),
    Delete: () => onFocused(remove),
    z: actions.undo,
  });

  // Without its code, which is long there unless the network went away, a form
  // would take the page with it.
  function open(form: Editing) {
    loadForm().then(
      () => setEditing(form),
      () => undefined,
    );
  }

  function openNew() {
    open("new");
  }

  // A form takes the focus away with it: both hand it back to where it came from.
  function closeNew() {
    setEditing(null);
    addRef.current?.focus();
  }

  function closeEdit(todo: Todo) {
    setEditing(null);
    focusRow(todo.id);
  }

  async function add(values: TodoFormValues) {
    await actions.add(values);
    closeNew();
  }

  async function edit(todo: Todo, values: TodoFormValues) {
    await actions.edit(todo, values);
    closeEdit(todo);
  }

  function remove(todo: Todo) {
    if (!focusBeside(todo.id)) addRef.current?.focus();
    actions.remove(todo);
  }

  function showAll() {
    setFilter("all");
    setSearch("");
    // The button that did it goes with the message.
    searchRef.current?.focus();
  }

  function retry() {
    headingRef.current?.focus();
    refetch();
  }

  async function loadMore() {
    const { data } = await pages.fetchNextPage();
    const first = data?.pages.at(-1)?.items[0];
    // On the last page the button is gone; before it, reading goes on where the new ones begin.
    if (first) focusRow(first.id);
  }

  const row = (todo: Todo) =>
    editing === todo.id ? (
      <li key={todo.id} className="my-1">
        <TodoForm
          submitLabel={texts.todoForm.save}
          values={{ ...todo, description: todo.description ?? "" }}
          onCancel={() => closeEdit(todo)}
          onSubmit={(values) => edit(todo, values)}
        />
      </li>
    ) : (
      <TodoItem
        key={todo.id}
        todo={todo}
        onToggle={(completed) => actions.toggle(todo, completed)}
        onEdit={() => open(todo.id)}
        onDelete={() => remove(todo)}
      />
    );

  const shown = todos && filterTodos(todos, filter, search);
  const isEmpty = todos?.length === 0;

  return (
    <section aria-labelledby="todos-heading" className="flex flex-1 flex-col pt-4 sm:pt-8">
      <div className="mb-4 flex items-center justify-between gap-4">
        <h1
          ref={headingRef}
          id="todos-heading"
          tabIndex={-1}
          className="text-2xl font-semibold tracking-tight outline-none"
        >
          {texts.todos.heading}
        </h1>
        <Button
          ref={addRef}
          look="primary"
          data-testid="add-todo"
          disabled={!hydrated}
          onClick={openNew}
        >
          <Plus className="size-4" aria-hidden />
          {texts.todos.add}
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
          <TodoForm submitLabel={texts.todoForm.add} onCancel={closeNew} onSubmit={add} />
        </div>
      )}
      <p aria-live="polite" className="sr-only">
        {shown && texts.todos.shown(shown.length, total)}
      </p>
      {!shown && !error && <TodoListLoading />}
      {!shown && error && (
        <TodoListNotice
          alert
          icon={<CloudOff className="size-5" aria-hidden />}
          title={texts.todos.failed}
          text={errorMessage(error)}
          action={<Button onClick={retry}>{texts.tryAgain}</Button>}
        />
      )}
      {isEmpty && editing !== "new" && <NoTodos onAdd={openNew} />}
      {!isEmpty && shown?.length === 0 && (
        <NoMatch filter={filter} search={search} onShowAll={showAll} />
      )}
      {shown && shown.length > 0 && (
        <ul
          ref={listRef}
          aria-label={texts.todos.heading}
          className="-mx-2 mt-3 flex flex-col gap-px"
        >
          {shown.map(row)}
        </ul>
      )}
      {pages.hasNextPage && (
        <Button
          className="mt-4 self-center"
          data-testid="load-more"
          disabled={pages.isFetchingNextPage}
          onClick={loadMore}
        >
          {pages.isFetchingNextPage ? texts.todos.loadingMore : texts.todos.loadMore(total)}
        </Button>
      )}
    </section>
  );
}
