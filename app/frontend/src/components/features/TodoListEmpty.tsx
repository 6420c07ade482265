import { Inbox, SearchX } from "lucide-react";
import { Button } from "@/components/ui/button";
import { texts } from "@/lib/texts";
import type { TodoFilter } from "@/types/filter";
import { TodoListNotice } from "./TodoListStates";

export function NoTodos({ onAdd }: { onAdd: () => void }) {
  return (
    <TodoListNotice
      icon={<Inbox className="size-5" aria-hidden />}
      title={texts.empty.title}
      text={texts.empty.text}
      action={<Button onClick={onAdd}>{texts.empty.action}</Button>}
    />
  );
}

type NoMatchProps = { filter: TodoFilter; search: string; onShowAll: () => void };

export function NoMatch({ filter, search, onShowAll }: NoMatchProps) {
  return (
    <TodoListNotice
      icon={<SearchX className="size-5" aria-hidden />}
      title={texts.empty.noMatch}
      text={search ? texts.empty.noneContains(search.trim()) : texts.empty.noneIs(filter)}
      action={<Button onClick={onShowAll}>{texts.empty.showAll}</Button>}
    />
  );
}
