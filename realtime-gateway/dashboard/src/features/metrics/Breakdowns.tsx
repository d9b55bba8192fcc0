import { Link } from "@tanstack/react-router";
import { words } from "../../lib/format";
import type { Stats } from "../../parts/numbers/stats";
import { BarList, type Bar } from "../../ui/BarList";
import { Panel } from "../../ui/Panel";
import { EmptyState, SkeletonRows } from "../../ui/States";

type Filter = "status" | "channel" | "category" | "priority";

interface Breakdown {
  readonly title: string;
  readonly of: (stats: Stats) => ReadonlyMap<string, number>;
  /** The filter of the list of tickets that shows the same. */
  readonly filter?: Filter;
  readonly empty: string;
}

export const BREAKDOWNS: readonly Breakdown[] = [
  { title: "Status now", of: ({ now }) => now.byStatus, filter: "status", empty: "No tickets yet" },
  { title: "Channel", of: ({ totals }) => totals.byChannel, filter: "channel", empty: "No tickets in this range" },
  { title: "Category", of: ({ totals }) => totals.byCategory, filter: "category", empty: "No tickets in this range" },
  { title: "Priority", of: ({ totals }) => totals.byPriority, filter: "priority", empty: "No tickets in this range" },
  { title: "Industry", of: ({ totals }) => totals.byIndustry, empty: "No tickets in this range" },
  { title: "Entered status", of: ({ totals }) => totals.entered, empty: "No ticket moved in this range" },
  { title: "Agent runs", of: ({ totals }) => totals.runs, empty: "No run ended in this range" },
  { title: "Decisions", of: ({ totals }) => totals.approvals, empty: "Nothing was decided in this range" },
];
/** What the service calls tickets of which the thing is not known. */
const UNSET = "unset";

/** The same tickets, told apart in several ways. */
export function Breakdowns({ stats }: { stats: Stats | undefined }) {
  return (
    <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-4">
      {BREAKDOWNS.map(({ title, of, filter, empty }) => {
        const bars = stats === undefined ? undefined : barsOf(of(stats));
        return (
          <Panel key={title} title={title}>
            {bars === undefined ? (
              <SkeletonRows rows={4} />
            ) : bars.length === 0 ? (
              <EmptyState title={empty} />
            ) : (
              <BarList
                label={title}
                bars={bars}
                // Of those entered, one ticket may be counted several times: a share would say nothing.
                total={title === "Entered status" ? 0 : bars.reduce((sum, { value }) => sum + value, 0)}
                {...(filter === undefined ? {} : { link: linkTo(filter) })}
              />
            )}
          </Panel>
        );
      })}
    </div>
  );
}

function barsOf(values: ReadonlyMap<string, number>): Bar[] {
  return [...values]
    .filter(([, value]) => value > 0)
    .map(([name, value]) => ({ name, label: name === UNSET ? "Not known" : words(name), value }));
}

function linkTo(filter: Filter) {
  return function link({ name, label }: Bar, className: string) {
    return name === UNSET ? null : (
      <Link to="/tickets" search={{ [filter]: name }} title={label} className={className}>
        {label}
      </Link>
    );
  };
}
