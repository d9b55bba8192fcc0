import { count } from "../../lib/figures";
import { words } from "../../lib/format";
import { useArrivals } from "../../lib/useArrivals";
import { useList } from "../../lib/useView";
import { cx } from "../../lib/cx";
import { activityOf, useEmployees } from "../../parts/employees/employees";
import { StatusBadge } from "../../ui/Badge";
import { EmptyState, Skeleton, SkeletonRows } from "../../ui/States";
import { Time } from "../../ui/Time";
import { Failed, Old } from "./Old";
import { MIDDLE, SMALL } from "./Tile";

const SHOWN = 10;
const GAP_MS = 2_000;

/** Who of the AI employees is at work, and what they did last. */
export function Employees() {
  const list = useEmployees();
  const activities = useList(["wallboard", "activities"], `/api/v1/ai/activities?limit=${SHOWN}`, activityOf, {
    live: ["ai"],
    minGap: GAP_MS,
  });
  const arrived = useArrivals(activities.data?.map(({ id }) => id));
  if (list.data === undefined && list.error !== null) {
    return <Failed view={list} />;
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 lg:gap-4">
      <Old view={list} />
      <ul role="list" aria-label="AI employees" className="grid gap-3 sm:grid-cols-[repeat(auto-fit,minmax(16rem,1fr))] lg:gap-4">
        {list.data === undefined
          ? [0, 1, 2].map((each) => (
              <li key={each} className="rounded-lg border border-line bg-surface p-5">
                <Skeleton className="h-28 w-full" />
              </li>
            ))
          : list.data.map((employee) => (
              <li key={employee.name} className="flex min-w-0 flex-col gap-2 rounded-lg border border-line bg-surface p-3 lg:p-5">
                <div className="flex items-center gap-3">
                  <p className={`min-w-0 flex-1 truncate font-semibold ${MIDDLE}`}>{employee.displayName}</p>
                  <StatusBadge status={employee.enabled ? employee.status : "offline"} className="lg:h-7 lg:px-2.5 lg:text-base" />
                </div>
                <p className={`truncate text-muted ${SMALL}`}>{employee.role}</p>
                <dl className="mt-1 grid grid-cols-3 gap-3">
                  <Figure name="Runs today" value={count(employee.runs)} />
                  <Figure name="Resolved" value={count(employee.resolved)} />
                  <Figure name="Escalated" value={count(employee.escalated)} />
                </dl>
                {employee.metric !== null && (
                  <p className={`text-muted ${SMALL}`}>
                    {words(employee.metric)}{" "}
                    {employee.metricValue === null ? (
                      "not measured yet"
                    ) : (
                      <b className="font-semibold text-ink tabular-nums">{employee.metricValue}</b>
                    )}
                  </p>
                )}
              </li>
            ))}
      </ul>
      <div className="min-h-0 flex-1 overflow-hidden rounded-lg border border-line bg-surface">
        {activities.data === undefined ? (
          activities.error === null ? (
            <SkeletonRows rows={SHOWN} />
          ) : (
            <Failed view={activities} />
          )
        ) : activities.data.length === 0 ? (
          <EmptyState title="Nothing was done yet" />
        ) : (
          <ol role="list" aria-label="Latest activities" className="divide-y divide-line">
            {activities.data.map(({ id, employee, description, at }) => (
              <li key={id} className={cx(`flex gap-4 px-3 py-1.5 lg:px-5 lg:py-2 ${SMALL}`, arrived.has(id) && "animate-arrive")}>
                <span className="w-20 shrink-0 truncate font-medium lg:w-32">{words(employee)}</span>
                <span className="min-w-0 flex-1 truncate">{description}</span>
                <Time at={at} className="shrink-0 text-muted" />
              </li>
            ))}
          </ol>
        )}
      </div>
    </div>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex min-w-0 flex-col-reverse">
      <dt className={`truncate text-muted ${SMALL}`}>{name}</dt>
      <dd className="text-[clamp(1.5rem,2.6vw,3rem)] leading-tight font-semibold tabular-nums">{value}</dd>
    </div>
  );
}
