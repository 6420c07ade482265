"use client";

import { Search } from "lucide-react";
import type { RefObject } from "react";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { QUERY_MAX } from "@/lib/limits";
import { texts } from "@/lib/texts";
import { TODO_FILTERS, TODO_SORTS, type TodoQuery, type TodoSort } from "@/types/filter";
import { cn } from "@/utils/cn";

type TodoToolbarProps = {
  query: TodoQuery;
  onShow: (changes: Partial<TodoQuery>) => void;
  search: string;
  onSearch: (search: string) => void;
  searchRef: RefObject<HTMLInputElement | null>;
};

export function TodoToolbar({ query, onShow, search, onSearch, searchRef }: TodoToolbarProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <div role="group" aria-label={texts.filters.label} className="flex gap-0.5">
        {TODO_FILTERS.map((value) => (
          <button
            key={value}
            type="button"
            aria-pressed={query.show === value}
            data-testid={`filter-${value}`}
            onClick={() => onShow({ show: value })}
            className={cn(
              "h-8 rounded-md px-3 text-sm font-medium transition-colors",
              query.show === value ? "bg-accent-soft text-accent-ink" : "text-muted hover:text-ink",
            )}
          >
            {texts.filters[value]}
          </button>
        ))}
      </div>
      <div className="flex min-w-64 flex-1 gap-2 sm:max-w-80">
        {/* The browser's own: it is there at once, and made for thumbs. */}
        <select
          aria-label={texts.sort.label}
          data-testid="sort"
          value={query.sort}
          onChange={(event) => onShow({ sort: event.target.value as TodoSort })}
          className="h-8 rounded-md border border-line bg-transparent pr-1 pl-2 text-sm text-muted hover:text-ink"
        >
          {TODO_SORTS.map((value) => (
            <option key={value} value={value} className="bg-surface text-ink">
              {texts.sort[value]}
            </option>
          ))}
        </select>
        <div className="relative min-w-36 flex-1">
          <Search
            className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint"
            aria-hidden
          />
          <Input
            ref={searchRef}
            type="search"
            aria-label={texts.search.label}
            placeholder={texts.search.placeholder}
            data-testid="search"
            value={search}
            maxLength={QUERY_MAX}
            onChange={(event) => onSearch(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              onSearch("");
              event.currentTarget.blur();
            }}
            className="peer h-8 border-line bg-transparent pl-8 text-sm [&::-webkit-search-cancel-button]:appearance-none"
          />
          <Kbd className="pointer-events-none absolute top-1.5 right-1.5 hidden peer-placeholder-shown:inline-flex peer-focus:hidden [@media(pointer:coarse)]:hidden!">
            /
          </Kbd>
        </div>
      </div>
    </div>
  );
}
