"use client";

import { Search } from "lucide-react";
import type { RefObject } from "react";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { texts } from "@/lib/texts";
import { TODO_FILTERS, type TodoFilter } from "@/types/filter";
import { cn } from "@/utils/cn";

type TodoToolbarProps = {
  filter: TodoFilter;
  onFilter: (filter: TodoFilter) => void;
  search: string;
  onSearch: (search: string) => void;
  searchRef: RefObject<HTMLInputElement | null>;
};

export function TodoToolbar({ filter, onFilter, search, onSearch, searchRef }: TodoToolbarProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <div role="group" aria-label={texts.filters.label} className="flex gap-0.5">
        {TODO_FILTERS.map((value) => (
          <button
            key={value}
            type="button"
            aria-pressed={filter === value}
            data-testid={`filter-${value}`}
            onClick={() => onFilter(value)}
            className={cn(
              "h-8 rounded-md px-3 text-sm font-medium transition-colors",
              filter === value ? "bg-accent-soft text-accent-ink" : "text-muted hover:text-ink",
            )}
          >
            {texts.filters[value]}
          </button>
        ))}
      </div>
      <div className="relative min-w-40 flex-1 sm:max-w-56">
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
  );
}
