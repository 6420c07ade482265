import { Skeleton } from "@/components/ui/skeleton";
import { texts } from "@/lib/texts";
import { Shell } from "./Shell";
import { TodoListLoading } from "./TodoListStates";

/** The page of todos in outline, for while a slow backend is asked for them. */
export function TodosPlaceholder() {
  return (
    <Shell>
      <div className="flex flex-1 flex-col pt-4 sm:pt-8">
        <h1 className="mb-4 flex h-9 items-center text-2xl font-semibold tracking-tight">
          {texts.todos.heading}
        </h1>
        <Skeleton className="h-8 w-full rounded-md" />
        <TodoListLoading />
      </div>
    </Shell>
  );
}
