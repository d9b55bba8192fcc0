import { useRef } from "react";

const NOTHING: ReadonlySet<string> = new Set();

/** Of a list that grows, those that were not there when it was first shown or last looked at: for a flash of the new. */
export function useArrivals(ids: readonly string[] | undefined): ReadonlySet<string> {
  const known = useRef<Set<string> | null>(null);
  const arrived = useRef<{ readonly of: string; readonly ids: ReadonlySet<string> }>({ of: "", ids: NOTHING });
  if (ids === undefined) {
    return NOTHING;
  }
  const now = ids.join(" ");
  if (known.current === null) {
    known.current = new Set(ids);
    arrived.current = { of: now, ids: NOTHING };
  } else if (arrived.current.of !== now) {
    const before = known.current;
    arrived.current = { of: now, ids: new Set(ids.filter((id) => !before.has(id))) };
    known.current = new Set(ids);
  }
  return arrived.current.ids;
}
