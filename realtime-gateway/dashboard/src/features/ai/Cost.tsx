import { useMemo, useState } from "react";
import { Coins } from "lucide-react";
import { cx } from "../../lib/cx";
import { ProblemError } from "../../lib/problem";
import { useNow } from "../../lib/useNow";
import { read, useView } from "../../lib/useView";
import { count } from "../../lib/values";
import { Button } from "../../ui/Button";
import { Chart } from "../../ui/Chart";
import { Select, TextField } from "../../ui/Field";
import { Banner } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { ProgressLine } from "../../ui/Progress";
import { Stat } from "../../ui/Stat";
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from "../../ui/States";
import { Age } from "../../ui/Time";
import { daysOf, dollars, layersOf, problemOf, spendOf, totalsOf, type Spend } from "./spend";

const RANGES = [
  { value: "7", label: "Last 7 days" },
  { value: "30", label: "Last 30 days" },
  { value: "90", label: "Last 90 days" },
  { value: "365", label: "Last 365 days" },
  { value: "own", label: "Other days…" },
];

interface Filters {
  readonly days?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What the models were used for and cost, by day and model, as their servers counted. */
export function Cost({ filters, onChange }: { filters: Filters; onChange: (next: Record<string, string | undefined>) => void }) {
  const now = useNow(60_000);
  const days = daysOf(filters, now);
  const isOwn = filters.from !== undefined && filters.to !== undefined && problemOf(filters.from, filters.to) === null;
  const [choosing, setChoosing] = useState(false);
  const view = useView(["ai", "spend", days.from, days.to], read(`/api/v1/agent/spend?from=${days.from}&to=${days.to}`, ({ body }) => spendOf(body)), {
    live: ["tickets"],
    matters: ({ type }) => /run|resolved|drafted/.test(type),
    minGap: 10_000,
  });
  const data = view.data;
  const totals = useMemo(() => totalsOf(data ?? []), [data]);
  const chart = useMemo(() => layersOf(data ?? [], { from: days.from, to: days.to }), [data, days.from, days.to]);
  if (data === undefined && view.error !== null) {
    const missing = view.error instanceof ProblemError && view.error.status === 404;
    return missing ? (
      <EmptyState title="Cost is not told here" icon={Coins}>
        The services that run are older than this page and do not tell it yet.
      </EmptyState>
    ) : (
      <ErrorState error={view.error} onRetry={view.refresh} />
    );
  }
  const sum = (of: (each: Omit<Spend, "day">) => number) => data && count(totals.reduce((all, each) => all + of(each), 0));
  return (
    <div aria-busy={view.isOld} className="relative flex flex-col gap-4">
      <ProgressLine isOn={view.isOld} className="top-0" />
      {view.error !== null && (
        <div className="overflow-hidden rounded-lg">
          <Banner tone="warn">{view.error.message} What was read last is shown.</Banner>
        </div>
      )}
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label="Period"
          labelHidden
          value={isOwn || choosing ? "own" : (filters.days ?? "30")}
          options={RANGES}
          onChange={(next) => {
            setChoosing(next === "own");
            if (next !== "own") {
              onChange({ days: next, from: undefined, to: undefined });
            }
          }}
          className="w-40"
        />
        {(isOwn || choosing) && (
          <OwnDays
            key={`${days.from} ${days.to}`}
            from={days.from}
            to={days.to}
            onTake={(from, to) => {
              setChoosing(false);
              onChange({ from, to, days: undefined });
            }}
          />
        )}
        <Age at={view.at} className="ml-auto" />
      </div>
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat label="Cost" value={data && dollars(totals.reduce((all, { cost }) => all + cost, 0))} hint="By the prices that were configured then" />
        <Stat label="Runs" value={sum(({ runs }) => runs)} hint="By model: a run that asks two models counts for both" />
        <Stat label="Tokens in" value={sum(({ inputTokens }) => inputTokens)} />
        <Stat label="Tokens out" value={sum(({ outputTokens }) => outputTokens)} />
      </div>
      {data?.length === 0 ? (
        <Panel title="Cost by day">
          <EmptyState title="No model was asked in these days" icon={Coins}>
            The local engine costs nothing. Which models there are is told in the settings.
          </EmptyState>
        </Panel>
      ) : (
        <>
          <Panel title="Cost by day">
            <div className="flex min-h-72 flex-col justify-center p-3">
              {data === undefined ? (
                <Skeleton className="h-66 w-full" />
              ) : (
                <Chart label="US dollars a day (UTC), by model" kind="bars" times={chart.times} series={chart.series} format={dollars} />
              )}
            </div>
          </Panel>
          <Panel title="By day and model" count={data?.length}>
            {data === undefined ? <SkeletonRows rows={6} /> : <Table spends={data} totals={totals} />}
          </Panel>
        </>
      )}
    </div>
  );
}

function OwnDays({ from, to, onTake }: { from: string; to: string; onTake: (from: string, to: string) => void }) {
  const [first, setFirst] = useState(from);
  const [last, setLast] = useState(to);
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <form
      noValidate
      aria-label="Other days"
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        const found = problemOf(first, last);
        setProblem(found);
        if (found === null) {
          onTake(first, last);
        }
      }}
    >
      <TextField label="First day" type="date" value={first} problem={problem ?? undefined} onChange={(event) => setFirst(event.target.value)} />
      <TextField label="Last day" type="date" value={last} onChange={(event) => setLast(event.target.value)} />
      <Button type="submit">Show</Button>
    </form>
  );
}

const HEAD = "px-3 py-2 text-xs font-medium text-muted";
const CELL = "border-t border-line px-3 py-1.5 tabular-nums";
const RIGHT = cx(CELL, "text-right");

function Table({ spends, totals }: { spends: readonly Spend[]; totals: readonly Omit<Spend, "day">[] }) {
  const newest = useMemo(() => [...spends].sort((a, b) => b.day.localeCompare(a.day) || b.cost - a.cost || a.model.localeCompare(b.model)), [spends]);
  return (
    <div role="region" aria-label="Cost by day and model" tabIndex={0} className="max-h-128 overflow-auto">
      <table className="w-full border-collapse text-sm">
        <thead className="sticky top-0 bg-surface">
          <tr>
            <th scope="col" className={cx(HEAD, "text-left")}>Day (UTC)</th>
            <th scope="col" className={cx(HEAD, "text-left")}>Model</th>
            <th scope="col" className={cx(HEAD, "text-right")}>Runs</th>
            <th scope="col" className={cx(HEAD, "text-right")}>Answers</th>
            <th scope="col" className={cx(HEAD, "text-right")}>Tokens in</th>
            <th scope="col" className={cx(HEAD, "text-right")}>Tokens out</th>
            <th scope="col" className={cx(HEAD, "text-right")}>Cost</th>
          </tr>
        </thead>
        <tbody>
          {totals.map(({ model, ...used }) => (
            <Row key={model} day="All days" model={model} used={used} isSum />
          ))}
          {newest.map(({ day, model, ...used }) => (
            <Row key={`${day} ${model}`} day={day} model={model} used={used} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ day, model, used, isSum = false }: { day: string; model: string; used: Omit<Spend, "day" | "model">; isSum?: boolean }) {
  return (
    <tr className={cx(isSum && "bg-raised font-medium")}>
      <td className={cx(CELL, "whitespace-nowrap")}>{day}</td>
      <th scope="row" className={cx(CELL, "text-left font-mono text-xs wrap-anywhere", !isSum && "font-normal")}>{model}</th>
      <td className={RIGHT}>{count(used.runs)}</td>
      <td className={RIGHT}>{count(used.answers)}</td>
      <td className={RIGHT}>{count(used.inputTokens)}</td>
      <td className={RIGHT}>{count(used.outputTokens)}</td>
      <td className={RIGHT}>{dollars(used.cost)}</td>
    </tr>
  );
}
