import { Inbox, SearchX } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { TodoFilter } from "@/types/filter";
import { TodoListNotice } from "./TodoListStates";

export function NoTodos({ onAdd }: { onAdd: () => void }) {
  return (
    <TodoListNotice
      icon={<Inbox className="size-5" aria-hidden />}
      title="Nothing to do yet"
      text="Write down the first thing on your mind. It will be here when you come back."
      action={<Button onClick={onAdd}>Add your first todo</Button>}
    />
  );
}

type NoMatchProps = { filter: TodoFilter; search: string; onShowAll: () => void };

export function NoMatch({ filter, search, onShowAll }: NoMatchProps) {
  return (
    <TodoListNotice
      icon={<SearchX className="size-5" aria-hidden />}
      title="No todos match"
      text={search ? `Nothing here contains “${search.trim()}”.` : `No todos are ${filter}.`}
      action={<Button onClick={onShowAll}>Show all</Button>}
    />
  );
}
