import { memo } from "react";
import { Link } from "@tanstack/react-router";
import { count } from "../../lib/figures";
import { words } from "../../lib/format";
import { useEmployees, type Employee } from "../../parts/employees/employees";
import { StatusBadge } from "../../ui/Badge";
import { Panel } from "../../ui/Panel";
import { EmptyState, ErrorState, SkeletonRows } from "../../ui/States";
import { Age, Time } from "../../ui/Time";

/** The AI employees: who is at work, and what was done today. */
export const AtWork = memo(function AtWork() {
  const list = useEmployees();
  return (
    <Panel
      title="AI employees"
      actions={
        <>
          <Age at={list.at} />
          <Link to="/ai" className="ml-auto text-xs text-accent underline-offset-2 hover:underline">
            AI performance
          </Link>
        </>
      }
    >
      {list.data === undefined ? (
        list.error === null ? (
          <SkeletonRows rows={4} />
        ) : (
          <ErrorState error={list.error} onRetry={list.refresh} />
        )
      ) : list.data.length === 0 ? (
        <EmptyState title="No AI employees">An administrator adds them in the settings.</EmptyState>
      ) : (
        <ul role="list" aria-label="AI employees" className="divide-y divide-line">
          {list.data.map((employee) => (
            <Row key={employee.name} employee={employee} />
          ))}
        </ul>
      )}
    </Panel>
  );
});

function Row({ employee }: { employee: Employee }) {
  const { displayName, role, status, enabled, metric, metricValue, runs, resolved, escalated, latest } = employee;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-0.5 px-3 py-2">
      <p className="truncate font-medium">
        {displayName} <span className="font-normal text-muted">{role}</span>
      </p>
      <StatusBadge status={enabled ? status : "offline"} className="justify-self-end" />
      <p className="min-w-0 text-xs text-muted tabular-nums">
        {runs === 0 ? "No runs today" : `${count(runs)} runs today · ${count(resolved)} resolved · ${count(escalated)} escalated`}
      </p>
      <p className="text-right text-xs text-muted tabular-nums">
        {metric !== null && (
          <>
            {words(metric)} {metricValue === null ? "not measured yet" : <b className="font-medium text-ink">{metricValue}</b>}
          </>
        )}
      </p>
      {latest !== null && (
        <p className="col-span-2 flex gap-2 text-xs text-muted">
          <span className="min-w-0 truncate">{latest.description}</span>
          <Time at={latest.at} className="shrink-0" />
        </p>
      )}
    </li>
  );
}
