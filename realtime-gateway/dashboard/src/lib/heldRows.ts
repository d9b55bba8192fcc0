import { useMemo, useRef } from "react";

export interface Held<T> {
  readonly rows: readonly T[];
  /** How many came meanwhile and are not among the rows. */
  readonly waiting: number;
  /** There may be more of them: what was read does not reach the rows any more. */
  readonly isMore: boolean;
}

/**
 * The rows as they stand under a person's eyes, with what is new about each of them: none moves, none goes, further pages
 * come at the end, and what came in before them waits.
 */
export function hold<T>(shown: readonly T[], incoming: readonly T[], idOf: (row: T) => string): Held<T> {
  const now = new Map(incoming.map((row) => [idOf(row), row]));
  const known = new Set(shown.map(idOf));
  const lastKnown = incoming.findLastIndex((row) => known.has(idOf(row)));
  const further = incoming.slice(lastKnown + 1);
  // Without a common row there is no telling what would be further down.
  const appended = lastKnown < 0 ? [] : further;
  const waiting = incoming.reduce((count, row) => count + (known.has(idOf(row)) ? 0 : 1), 0) - appended.length;
  const isMore = lastKnown < 0 && shown.length > 0 && incoming.length > 0;
  return { rows: [...shown.map((row) => now.get(idOf(row)) ?? row), ...appended], waiting, isMore };
}

/** Holds the rows of a list while it is scrolled down; another `list` (other filters) begins anew. */
export function useHeldRows<T>(
  list: string,
  incoming: readonly T[] | undefined,
  isHeld: boolean,
  idOf: (row: T) => string,
): { readonly rows: readonly T[] | undefined; readonly waiting: number; readonly isMore: boolean } {
  const before = useRef<{ list: string; rows: readonly T[]; waiting: number } | null>(null);
  return useMemo(() => {
    if (incoming === undefined) {
      before.current = null;
      return { rows: undefined, waiting: 0, isMore: false };
    }
    const last = before.current;
    if (!isHeld || last === null || last.list !== list) {
      before.current = { list, rows: incoming, waiting: 0 };
      return { rows: incoming, waiting: 0, isMore: false };
    }
    const held = hold(last.rows, incoming, idOf);
    // Those that were counted before still wait, also where what was read does not reach them.
    const waiting = held.isMore ? Math.max(held.waiting, last.waiting) : held.waiting;
    before.current = { list, rows: held.rows, waiting };
    return { ...held, waiting };
  }, [list, incoming, isHeld, idOf]);
}
