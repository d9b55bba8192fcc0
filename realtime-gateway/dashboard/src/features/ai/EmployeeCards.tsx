import { Bot } from "lucide-react";
import { cx } from "../../lib/cx";
import { words } from "../../lib/format";
import { count, percent, seconds } from "../../lib/values";
import type { View } from "../../lib/useView";
import { StatusBadge } from "../../ui/Badge";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { useChanged } from "../../ui/Stat";
import { Time } from "../../ui/Time";
import type { Employee } from "./employees";

const GRID = "grid gap-3 sm:grid-cols-2 2xl:grid-cols-3";

/** Who works, and how well: figures that were measured, and nothing where nothing was. */
export function EmployeeCards({ view, chosen, onChoose }: { view: View<readonly Employee[]>; chosen: string | null; onChoose: (name: string | null) => void }) {
  if (view.data === undefined) {
    return view.error === null ? (
      <div role="status" aria-label="Loading" className={GRID}>
        {[0, 1, 2].map((each) => (
          <Skeleton key={each} className="h-56 w-full" />
        ))}
      </div>
    ) : (
      <ErrorState error={view.error} onRetry={view.refresh} />
    );
  }
  if (view.data.length === 0) {
    return (
      <EmptyState title="No AI employees" icon={Bot}>
        An administrator adds them in the settings. Until then the agent works without a name.
      </EmptyState>
    );
  }
  return (
    <ul role="list" aria-label="AI employees" className={GRID}>
      {view.data.map((employee) => (
        <EmployeeCard
          key={employee.name}
          employee={employee}
          chosen={chosen === employee.name}
          onChoose={() => onChoose(chosen === employee.name ? null : employee.name)}
        />
      ))}
    </ul>
  );
}

function EmployeeCard({ employee, chosen, onChoose }: { employee: Employee; chosen: boolean; onChoose: () => void }) {
  const { displayName, role, status, metric, today, latest, enabled } = employee;
  const value = metricValue(metric);
  const flashes = useChanged(value);
  return (
    <li
      aria-label={displayName}
      className={cx("flex min-w-0 flex-col gap-3 rounded-lg border bg-surface p-3", chosen ? "border-accent" : "border-line")}
    >
      <div className="flex items-center gap-2.5">
        <span
          aria-hidden="true"
          className="flex size-9 shrink-0 items-center justify-center rounded-full bg-accent-soft text-base font-semibold text-accent"
        >
          {[...displayName][0]?.toUpperCase()}
        </span>
        <div className="min-w-0 flex-1">
          <h3 className="truncate font-semibold">{displayName}</h3>
          <p className="truncate text-xs text-muted">{role}</p>
        </div>
        <StatusBadge status={enabled ? status : "offline"} />
      </div>
      <div>
        <p className="text-xs font-medium text-muted">{metric.name === "" ? "Primary metric" : words(metric.name)}</p>
        {value === null ? (
          <p className="text-base leading-7.5 text-muted">Not measured yet</p>
        ) : (
          <p className={cx("-mx-1 rounded px-1 text-2xl font-semibold tabular-nums", flashes && "animate-arrive")}>{value}</p>
        )}
      </div>
      <dl className="grid grid-cols-3 gap-x-3 gap-y-2 border-t border-line pt-3">
        <Figure name="Runs today" value={count(today.runs)} />
        <Figure name="Resolved" value={count(today.resolved)} />
        <Figure name="Handed over" value={count(today.escalated)} />
        <Figure name="Failed" value={count(today.failed)} bad={today.failed > 0} />
        <Figure name="Mean time" value={today.handlingSeconds === null ? "–" : seconds(today.handlingSeconds)} />
        <Figure name="By itself" value={percent(today.withoutPerson) ?? "–"} title="Runs of today that ended without a person" />
      </dl>
      <div className="mt-auto flex items-center gap-2 border-t border-line pt-2 text-xs">
        <p className="min-w-0 flex-1 truncate text-muted" title={latest?.description}>
          {latest === null ? "Nothing done yet" : latest.description}
        </p>
        {latest !== null && <Time at={latest.at} className="text-muted" />}
        <button
          type="button"
          aria-pressed={chosen}
          aria-label={`Show only the activity of ${displayName}`}
          onClick={onChoose}
          className="-my-1 rounded px-1.5 py-1 font-medium text-accent hover:bg-raised pointer-coarse:min-h-10"
        >
          {chosen ? "Show all" : "Activity"}
        </button>
      </div>
    </li>
  );
}

function Figure({ name, value, bad = false, title }: { name: string; value: string; bad?: boolean; title?: string }) {
  const flashes = useChanged(value);
  return (
    <div className="min-w-0" title={title}>
      <dt className="truncate text-xs text-muted">{name}</dt>
      <dd className={cx("-mx-1 rounded px-1 font-medium tabular-nums", bad && "text-bad", flashes && "animate-arrive")}>{value}</dd>
    </div>
  );
}

function metricValue({ unit, value }: Employee["metric"]): string | null {
  if (value === null) {
    return null;
  }
  const shown = value.toLocaleString(undefined, { maximumFractionDigits: 1 });
  return unit === "percent" ? `${shown} %` : unit === "" || unit === "count" ? shown : `${shown} ${unit.replaceAll("_", " ")}`;
}
