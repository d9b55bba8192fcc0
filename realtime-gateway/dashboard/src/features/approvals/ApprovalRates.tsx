import { getRouteApi } from "@tanstack/react-router";
import { words } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";
import { read, useView } from "../../lib/useView";
import { DataTable, type Column } from "../../ui/DataTable";
import { Select } from "../../ui/Field";
import { Panel } from "../../ui/Panel";
import { ProgressLine } from "../../ui/Progress";
import { Stat } from "../../ui/Stat";
import { EmptyState, ErrorState } from "../../ui/States";
import { Age } from "../../ui/Time";

const route = getRouteApi("/shell/approvals");
const RANGES = [
  { value: "7", label: "Last 7 days" },
  { value: "30", label: "Last 30 days" },
  { value: "90", label: "Last 90 days" },
];
const USUAL = "30";
const DAY_MS = 86_400_000;
/** The beginning of the range moves on in steps, so that the address, and with it what is cached, stays the same for a while. */
const STEP_MS = 3_600_000;

interface Figures {
  readonly type: string;
  readonly total: number;
  readonly byPolicy: number;
  readonly byPeople: number;
  readonly expired: number;
  readonly rate: number | null;
  readonly median: number | null;
  readonly p95: number | null;
}

const COLUMNS: readonly Column<Figures>[] = [
  { id: "type", header: "Action type", cell: ({ type }) => words(type), grow: 2, sortBy: ({ type }) => type },
  { id: "total", header: "Requests", cell: ({ total }) => total, width: 116, align: "end", sortBy: ({ total }) => total },
  { id: "policy", header: "By policy", cell: ({ byPolicy }) => byPolicy, width: 116, align: "end", sortBy: ({ byPolicy }) => byPolicy, wideOnly: true },
  { id: "people", header: "By people", cell: ({ byPeople }) => byPeople, width: 116, align: "end", sortBy: ({ byPeople }) => byPeople },
  { id: "expired", header: "Expired", cell: ({ expired }) => expired, width: 116, align: "end", sortBy: ({ expired }) => expired, wideOnly: true },
  { id: "rate", header: "Approved", cell: ({ rate }) => percent(rate) ?? "–", width: 116, align: "end", sortBy: ({ rate }) => rate },
  { id: "median", header: "Median", cell: ({ median }) => duration(median) ?? "–", width: 116, align: "end", sortBy: ({ median }) => median, wideOnly: true },
  { id: "p95", header: "95 of 100", cell: ({ p95 }) => duration(p95) ?? "–", width: 116, align: "end", sortBy: ({ p95 }) => p95, wideOnly: true },
];

/** How requests fared: what people decide, how often yes, and how long it takes them. */
export function ApprovalRates() {
  const { days = USUAL } = route.useSearch();
  const navigate = route.useNavigate();
  const range = RANGES.some(({ value }) => value === days) ? days : USUAL;
  const from = new Date(Math.floor(Date.now() / STEP_MS) * STEP_MS - Number(range) * DAY_MS).toISOString();
  const view = useView(["approvals", "stats", from], read(`/api/v1/approvals/stats?from=${encodeURIComponent(from)}`, ({ body }) => statsOf(body)), {
    live: ["approvals"],
    minGap: 5_000,
  });
  const all = view.data?.all;
  if (view.data === undefined && view.error !== null) {
    return <ErrorState error={view.error} onRetry={view.refresh} />;
  }
  return (
    <div aria-busy={view.isOld} className="relative flex flex-col gap-4 lg:h-full lg:overflow-y-auto">
      <ProgressLine isOn={view.isOld} className="top-0" />
      <div className="flex items-center gap-3">
        <Select
          label="Time"
          labelHidden
          value={range}
          options={RANGES}
          onChange={(value) => void navigate({ search: (before) => ({ ...before, days: value === USUAL ? undefined : value }), replace: true })}
          className="w-40"
        />
        <span className="ml-auto">
          <Age at={view.at} />
        </span>
      </div>
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-5">
        <Stat label="Requests" value={all?.total.toLocaleString()} />
        <Stat label="Decided by policy" value={all?.byPolicy.toLocaleString()} hint="Allowed or denied at once, by a rule alone" />
        <Stat label="Decided by people" value={all?.byPeople.toLocaleString()} />
        <Stat label="Approved by people" value={all === undefined ? undefined : percent(all.rate)} />
        <Stat
          label="Median time to decide"
          value={all === undefined ? undefined : duration(all.median)}
          {...(all?.p95 == null ? {} : { hint: `95 of 100 within ${duration(all.p95)}` })}
          className="col-span-2 lg:col-span-1"
        />
      </div>
      <Panel title="By action type">
        <DataTable
          label="Rates by action type"
          columns={COLUMNS}
          narrow={({ type, total, rate, median }) => (
            <div className="flex flex-col gap-1">
              <span className="flex items-center justify-between gap-2">
                <span className="truncate">{words(type)}</span>
                <span className="tabular-nums">{total}</span>
              </span>
              <span className="flex items-center justify-between gap-2 text-xs text-muted tabular-nums">
                <span>{percent(rate) ?? "–"} approved by people</span>
                <span>median {duration(median) ?? "–"}</span>
              </span>
            </div>
          )}
          rows={view.data?.types}
          rowId={({ type }) => type}
          error={view.error}
          onRetry={view.refresh}
          empty={<EmptyState title="Nothing was asked for in this time" />}
        />
      </Panel>
    </div>
  );
}

function statsOf(body: unknown): { all: Figures; types: readonly Figures[] } {
  const stats = isObject(body) ? body : {};
  const types = Array.isArray(stats["by_action_type"]) ? (stats["by_action_type"] as unknown[]) : [];
  return { all: figuresOf(isObject(stats["all"]) ? stats["all"] : {}), types: types.filter(isObject).map(figuresOf) };
}

function figuresOf(item: JsonObject): Figures {
  const statuses = isObject(item["by_status"]) ? item["by_status"] : {};
  return {
    type: text(item["action_type"]) ?? "all",
    total: number(item["total"]) ?? 0,
    byPolicy: number(item["by_policy"]) ?? 0,
    byPeople: number(item["by_people"]) ?? 0,
    expired: number(statuses["expired"]) ?? 0,
    rate: number(item["approval_rate"]),
    median: number(item["median_seconds"]),
    p95: number(item["p95_seconds"]),
  };
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function percent(rate: number | null): string | null {
  return rate === null ? null : `${Math.round(rate * 100)} %`;
}

/** Seconds, in the two units that say enough. */
function duration(seconds: number | null): string | null {
  if (seconds === null) {
    return null;
  }
  if (seconds < 60) {
    return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
