import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck, CircleDashed, CircleX, Loader, type LucideIcon } from "lucide-react";
import { cx } from "../../lib/cx";
import { count } from "../../lib/figures";
import { words } from "../../lib/format";
import { useCountsNow } from "../../parts/numbers/live";
import type { Stats } from "../../parts/numbers/stats";
import { Skeleton } from "../../ui/States";
import { useChanged } from "../../ui/Stat";

type Group = "pending" | "processing" | "escalated" | "failed" | "completed";

/** In the order of a ticket's way; each group with the statuses it is made of. */
const GROUPS: readonly { id: Group; name: string; icon: LucideIcon; look: string; of: readonly string[] }[] = [
  { id: "pending", name: "Pending", icon: CircleDashed, look: "text-muted", of: ["received"] },
  { id: "processing", name: "Processing", icon: Loader, look: "text-info", of: ["analyzing", "awaiting_approval", "acting"] },
  { id: "escalated", name: "Escalated", icon: CircleAlert, look: "text-warn", of: ["escalated"] },
  { id: "failed", name: "Failed", icon: CircleX, look: "text-bad", of: ["failed"] },
  { id: "completed", name: "Completed", icon: CircleCheck, look: "text-good", of: ["resolved", "closed"] },
];

/** How many tickets stand where, as it changes; each number leads to its tickets. */
export function TicketsNow({ read }: { read: Stats | undefined }) {
  const counts = useCountsNow(read);
  return (
    <section aria-label="Tickets by status">
      <ul role="list" className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line md:grid-cols-5">
        {GROUPS.map(({ id, name, icon: Icon, look, of }) => (
          <li key={id} className="flex min-w-0 flex-col gap-1 bg-surface p-3 last:max-md:col-span-2">
            <p className="flex items-center gap-1.5 text-xs font-medium text-muted">
              <Icon aria-hidden="true" className={cx("size-3.5 shrink-0", look)} />
              {name}
            </p>
            <p className="text-2xl font-semibold tabular-nums">
              {counts === undefined ? (
                <Skeleton className="h-7.5 w-16" />
              ) : (
                <Figure value={counts[id]} status={id} label={`${name}: ${count(counts[id])} tickets`} />
              )}
            </p>
            <p className="flex min-h-4 flex-wrap gap-x-3 text-xs text-muted">
              {of.length > 1 &&
                of.map((status) => (
                  <Link
                    key={status}
                    to="/tickets"
                    search={{ status }}
                    className="whitespace-nowrap underline-offset-2 hover:text-ink hover:underline"
                  >
                    {words(status)} <span className="tabular-nums">{counts === undefined ? "–" : count(counts.byStatus.get(status) ?? 0)}</span>
                  </Link>
                ))}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Figure({ value, status, label }: { value: number; status: string; label: string }) {
  const flashes = useChanged(value);
  return (
    <Link
      to="/tickets"
      search={{ status }}
      aria-label={label}
      className={cx("-mx-1 rounded px-1 underline-offset-4 hover:underline", flashes && "animate-arrive")}
    >
      {count(value)}
    </Link>
  );
}
