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
import { useTodoQuery } from "@/hooks/use-todo-query";
import { useTodos } from "@/hooks/use-todos";
import { errorMessage } from "@/lib/api-error";
import { keepLoading, loadOrTell } from "@/lib/late-code";
import { texts } from "@/lib/texts";
import { whenAtRest } from "@/lib/when-at-rest";
import type { TodoFormValues } from "@/schemas/todo";
import type { Todo, TodoPage } from "@/services/types";
import { cn } from "@/utils/cn";
import { matchesQuery } from "@/utils/todo-query";
import { TodoItem } from "./TodoItem";
import { NoMatch, NoTodos } from "./TodoListEmpty";
import { TodoListLoading, TodoListNotice } from "./TodoListStates";
import { TodoToolbar } from "./TodoToolbar";

// The list comes first; the form follows it.
const loadForms = () => import("./TodoEditor");
const TodoForm = dynamic(() => loadForms().then(({ TodoForm }) => TodoForm));
const TodoEditor = dynamic(() => loadForms().then(({ TodoEditor }) => TodoEditor));

/** One form at a time: a new todo's, or the one of a todo as it was when it was opened. */
type Editing = "new" | Todo | null;

/** What is typed into the form of a new todo, and why it came back, if it did. */
type Draft = { values?: TodoFormValues; failure?: unknown };

export function TodoList({ initialTodos }: { initialTodos?: TodoPage }) {
  const { query, current, search, setSearch, show } = useTodoQuery();
  const { todos, total, error, refetch, ...pages } = useTodos(query, initialTodos);
  const [editing, setEditing] = useState<Editing>(null);
  const [draft, setDraft] = useState<Draft>({});
  // A form's first values; what is typed since is no reason to render the list.
  const typed = useRef<Draft>({});
  // For an answer that comes after the person has gone on.
  const isOpen = useRef(false);
  const searchRef = useRef<HTMLInputElement>(null);
  const addRef = useRef<HTMLButtonElement>(null);
  const headingRef = useRef<HTMLHeadingElement>(null);
  const hydrated = useHydrated();
  const toasts = useToast();
  const actions = useTodoActions(toasts);
  const { listRef, focusedId, move, focusRow, focusBeside } = useRowFocus();

  // Later it has to be there when the network is not.
  useEffect(() => whenAtRest(() => keepLoading(loadForms)), []);

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
    e: () => onFocused(open),
    Delete: () => onFocused(remove),
    z: actions.undo,
  });

  // Without its code, which is long there unless the network went away, a form
  // would take the page with it.
  function open(form: "new" | Todo) {
    loadOrTell(loadForms, () => {
      isOpen.current = true;
      setEditing(form);
    });
  }

  function openNew() {
    setDraft(typed.current);
    open("new");
  }

  function close() {
    isOpen.current = false;
    setEditing(null);
  }

  // A form takes the focus away with it: both hand it back to where it came from.
  function closeNew() {
    close();
    addRef.current?.focus();
  }

  function closeEdit(todo: Todo) {
    close();
    focusRow(todo.id);
  }

  /** The list shows the todo at once; refused, what was typed comes back. */
  async function add(values: TodoFormValues) {
    typed.current = {};
    closeNew();
    await create(values).catch((failure: unknown) => {
      if (!typed.current.values) typed.current = { values, failure };
      if (!isOpen.current) openNew();
      else toasts.add({ title: texts.todos.notSaved(errorMessage(failure)), priority: "high" });
    });
  }

  /** Where the list does not show what was added, that it was added has to be said. */
  async function create(values: TodoFormValues): Promise<Todo> {
    const created = await actions.add(values);
    if (matchesQuery(created, current())) return created;
    const toast = toasts.add({
      title: texts.todos.addedOutOfView,
      actionProps: {
        children: texts.empty.showAll,
        onClick: () => {
          toasts.close(toast);
          showAll();
        },
      },
    });
    return created;
  }

  function toggle(todo: Todo, completed: boolean) {
    // The row is about to leave the list, with the focus in it.
    if (query.show !== "all" && !focusBeside(todo.id)) addRef.current?.focus();
    actions.toggle(todo, completed);
  }

  function remove(todo: Todo) {
    if (!focusBeside(todo.id)) addRef.current?.focus();
    actions.remove(todo);
  }

  function showAll() {
    show({ q: "", show: "all" });
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

  const edited = editing === "new" ? null : editing;

  const row = (todo: Todo) =>
    edited?.id === todo.id ? (
      // As wide as the column: rows reach beyond it, so that their texts do not.
      <li key={todo.id} className="mx-2 my-1">
        <TodoEditor
          todo={edited}
          onEdit={actions.edit}
          onAdd={create}
          fetchFresh={actions.fetchFresh}
          onClose={() => closeEdit(todo)}
        />
      </li>
    ) : (
      <TodoItem
        key={todo.id}
        todo={todo}
        onToggle={(completed) => toggle(todo, completed)}
        onEdit={() => open(todo)}
        onDelete={() => remove(todo)}
      />
    );

  // What is being typed stays, whatever others do to the todo, or the search to the list.
  const isMissing = todos && edited && !todos.some(({ id }) => id === edited.id);
  const shown = isMissing ? [edited, ...todos] : todos;
  const isFiltered = query.q !== "" || query.show !== "all";
  const isEmpty = shown?.length === 0;

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
        query={query}
        onShow={show}
        search={search}
        onSearch={setSearch}
        searchRef={searchRef}
      />
      {editing === "new" && (
        <div className="mt-3">
          <TodoForm
            {...draft}
            submitLabel={texts.todoForm.add}
            onCancel={closeNew}
            onSubmit={add}
            onDraft={(values) => {
              typed.current = { values };
            }}
          />
        </div>
      )}
      <p aria-live="polite" className="sr-only">
        {todos && texts.todos.shown(todos.length, total)}
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
      {isEmpty && !isFiltered && editing !== "new" && <NoTodos onAdd={openNew} />}
      {isEmpty && isFiltered && (
        <NoMatch filter={query.show} search={query.q} onShowAll={showAll} />
      )}
      {shown && shown.length > 0 && (
        <ul
          ref={listRef}
          data-testid="todo-list"
          aria-label={texts.todos.heading}
          aria-busy={pages.isPlaceholderData}
          className={cn(
            "-mx-2 mt-3 flex flex-col gap-px transition-opacity delay-150",
            pages.isPlaceholderData && "opacity-60",
          )}
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
