import { useRef } from "react";

/** Where more than these are new at once, nothing stands out: none of them flashes. */
const MOST_AT_ONCE = 5;
const NOTHING: ReadonlySet<string> = new Set();

/** Of a list that grows, those that were not there when it was first shown or last looked at: for a flash of the new, where they are few. */
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
    const fresh = ids.filter((id) => !before.has(id));
    arrived.current = { of: now, ids: fresh.length > MOST_AT_ONCE ? NOTHING : new Set(fresh) };
    known.current = new Set(ids);
  }
  return arrived.current.ids;
}
