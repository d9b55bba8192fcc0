import { CalendarCheck, ListChecks, Mail, Phone, type LucideIcon } from "lucide-react";
import { useEffect, useReducer, useState } from "react";
import { cx } from "../../lib/cx";
import { words } from "../../lib/format";
import { read, useView } from "../../lib/useView";
import { itemsOf } from "../../lib/json";
import { StatusBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Panel } from "../../ui/Panel";
import { EmptyState, ErrorState, SkeletonRows } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { activityOf, KEPT_ACTIVITIES, NO_ACTIVITIES, SHOWN_ACTIVITIES, stream, unseen, type Activity } from "./employees";
import { useTold } from "./useTold";

const ICONS: ReadonlyMap<string, LucideIcon> = new Map([
  ["call", Phone],
  ["booking", CalendarCheck],
  ["email", Mail],
  ["task", ListChecks],
]);
const WORDS: ReadonlyMap<string, string> = new Map([
  ["call", "Call"],
  ["booking", "Booking"],
  ["email", "E-mail"],
  ["task", "Task"],
]);
const JUST_DONE_MS = 10_000;
/** Frames bring what is new; the list is read for what came before the stream was there. */
const READ_GAP_MS = 30_000;

/** What the AI employees do, as it happens: 50 are kept, 10 shown. */
export function ActivityFeed({ employee, nameOf }: { employee: string | null; nameOf: (name: string) => string }) {
  const path =
    employee === null
      ? `/api/v1/ai/activities?limit=${KEPT_ACTIVITIES}`
      : `/api/v1/ai/employees/${encodeURIComponent(employee)}/activities?limit=${KEPT_ACTIVITIES}`;
  // Another employee is another list: what was kept of the one before must not stay.
  return <Feed key={path} path={path} employee={employee} nameOf={nameOf} />;
}

function Feed({ path, employee, nameOf }: { path: string; employee: string | null; nameOf: (name: string) => string }) {
  const view = useView(
    ["ai", "activities", path],
    read(path, ({ body }) => ({ path, items: itemsOf(body).flatMap((item) => activityOf(item) ?? []) })),
    { live: ["ai"], matters: ({ type }) => type === "ai_activity", minGap: READ_GAP_MS },
  );
  const [state, dispatch] = useReducer(stream, NO_ACTIVITIES);
  const toldAt = useTold(employee, (items) => dispatch({ type: "add", items }));
  const [all, setAll] = useState(false);
  // While another list is read, the one before is what a view keeps: it is not this one's.
  const data = view.data?.path === path ? view.data.items : undefined;
  useEffect(() => {
    if (data !== undefined) {
      dispatch({ type: "add", items: data });
    }
  }, [data]);
  const shown = state.held ?? state.kept;
  const fresh = unseen(state);
  return (
    <Panel
      title={employee === null ? "Activity" : `Activity of ${nameOf(employee)}`}
      actions={
        <>
          <Age at={Math.max(view.at, toldAt)} />
          {fresh > 0 && (
            <Button size="small" className="ml-auto" onClick={() => dispatch({ type: "release" })}>
              {fresh} new
            </Button>
          )}
        </>
      }
    >
      {data === undefined && state.kept.length === 0 ? (
        view.error === null ? (
          <SkeletonRows rows={SHOWN_ACTIVITIES} />
        ) : (
          <ErrorState error={view.error} onRetry={view.refresh} />
        )
      ) : state.kept.length === 0 && data?.length === 0 ? (
        <EmptyState title="Nothing done yet">What the AI employees do appears here as it happens.</EmptyState>
      ) : (
        <>
          <ol
            role="list"
            aria-label="Activity"
            onPointerEnter={() => dispatch({ type: "hold" })}
            onPointerLeave={() => dispatch({ type: "release" })}
          >
            {shown.slice(0, all ? KEPT_ACTIVITIES : SHOWN_ACTIVITIES).map((activity) => (
              <Row key={activity.id} activity={activity} name={nameOf(activity.employee)} />
            ))}
          </ol>
          {shown.length > SHOWN_ACTIVITIES && (
            <div className="border-t border-line p-2">
              <Button look="quiet" size="small" className="w-full" aria-expanded={all} onClick={() => setAll(!all)}>
                {all ? `Show ${SHOWN_ACTIVITIES}` : `Show all ${shown.length}`}
              </Button>
            </div>
          )}
        </>
      )}
    </Panel>
  );
}

function Row({ activity, name }: { activity: Activity; name: string }) {
  const Icon = ICONS.get(activity.type) ?? ListChecks;
  const [arriving] = useState(() => activity.at !== null && Date.now() - activity.at < JUST_DONE_MS);
  return (
    <li className={cx("flex items-start gap-2.5 border-b border-line px-3 py-2 last:border-b-0", arriving && "animate-arrive motion-reduce:animate-none")}>
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere">{activity.description === "" ? words(activity.type) : activity.description}</p>
        <p className="truncate text-xs text-muted">
          {name} · {WORDS.get(activity.type) ?? words(activity.type)}
        </p>
      </div>
      <div className="flex shrink-0 flex-col items-end gap-0.5">
        <Time at={activity.at} className="text-xs text-muted" />
        {activity.outcome !== null && <StatusBadge status={activity.outcome} />}
      </div>
    </li>
  );
}
