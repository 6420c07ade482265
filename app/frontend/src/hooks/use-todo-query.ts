import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import type { TodoQuery } from "@/types/filter";
import { readTodoQuery, writeTodoQuery } from "@/utils/todo-query";

const TYPING_MS = 200;

/** What the list shows, which is in the page's address: a reload, or a link, shows the same. */
export function useTodoQuery() {
  const query = readTodoQuery(useSearchParams());
  const [search, setSearch] = useState(query.q);
  const [seen, setSeen] = useState(query.q);
  const [written, setWritten] = useState(query.q);

  // A link changes the field; what was typed must not, because more has been typed since.
  if (seen !== query.q) {
    setSeen(query.q);
    if (written !== query.q) {
      setWritten(query.q);
      setSearch(query.q);
    }
  }

  function show(changes: Partial<TodoQuery>): void {
    const { pathname, hash } = window.location;
    const next = writeTodoQuery({ ...current(), ...changes });
    window.history.replaceState(null, "", pathname + next + hash);
  }

  useEffect(() => {
    const q = search.trim();
    if (q === current().q) return;
    const timer = setTimeout(() => {
      setWritten(q);
      show({ q });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [search]);

  return { query, current, search, setSearch, show };
}

/** The query by now, for what happens after the render that began it. */
function current(): TodoQuery {
  return readTodoQuery(new URLSearchParams(window.location.search));
}
