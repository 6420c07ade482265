import { useEffect, useRef } from "react";

/** Marks a row of the list, with the id of its todo. */
export const ROW_ID = "data-row-id";

/** Moves the focus between rows, and puts it back when the row it was in changes or goes. */
export function useRowFocus() {
  const listRef = useRef<HTMLUListElement>(null);
  const wanted = useRef<number | null>(null);

  // After every render, because the row may exist only from the next one on.
  useEffect(() => {
    if (wanted.current === null) return;
    const row = rows().find((each) => idOf(each) === wanted.current);
    wanted.current = null;
    focusIn(row);
  });

  function rows(): HTMLElement[] {
    return [...(listRef.current?.querySelectorAll<HTMLElement>(`[${ROW_ID}]`) ?? [])];
  }

  function current(): number {
    return rows().findIndex((row) => row.contains(document.activeElement));
  }

  /** The id of the todo whose row has the focus. */
  function focusedId(): number | undefined {
    const row = rows()[current()];
    return row && idOf(row);
  }

  function move(step: 1 | -1): void {
    const all = rows();
    const from = current();
    const to = from < 0 ? (step > 0 ? 0 : all.length - 1) : from + step;
    focusIn(all[to]);
  }

  /** Focuses a row, now or once it is rendered. */
  function focusRow(id: number): void {
    const row = rows().find((each) => idOf(each) === id);
    if (row) focusIn(row);
    else wanted.current = id;
  }

  /** Focuses the neighbour of a row that is about to go; false when it is the only one. */
  function focusBeside(id: number): boolean {
    const all = rows();
    const at = all.findIndex((row) => idOf(row) === id);
    const neighbour = all[at + 1] ?? all[at - 1];
    focusIn(neighbour);
    return neighbour !== undefined;
  }

  return { listRef, focusedId, move, focusRow, focusBeside };
}

function idOf(row: HTMLElement): number {
  return Number(row.getAttribute(ROW_ID));
}

function focusIn(row: HTMLElement | undefined): void {
  row?.querySelector<HTMLElement>("[role=checkbox]")?.focus();
}
