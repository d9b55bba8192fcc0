import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { TicketActions } from "../../parts/action/TicketActions";
import { AgentWork } from "../../parts/agent/AgentWork";
import { Related } from "../../parts/related/Related";
import { instant, words } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";
import { read, useList, useView } from "../../lib/useView";
import { count, number, percent } from "../../lib/values";
import { StatusBadge } from "../../ui/Badge";
import { DataTable, type Column } from "../../ui/DataTable";
import { Sheet } from "../../ui/Dialog";
import { SearchField, Select } from "../../ui/Field";
import { Toolbar } from "../../ui/Page";
import { Panel } from "../../ui/Panel";
import { EmptyState } from "../../ui/States";
import { Age, Time } from "../../ui/Time";

/** A ticket that the agent has taken up. */
interface Worked {
  readonly id: string;
  readonly subject: string;
  readonly status: string;
  readonly category: string | null;
  readonly confidence: number | null;
  readonly at: number | null;
}

const STATUSES = [
  { value: "", label: "Any status" },
  ...["analyzing", "awaiting_approval", "acting", "resolved", "escalated", "failed", "closed"].map((value) => ({ value, label: words(value) })),
];

/** Statuses in which something may be done to the outside world yet. */
const AT_WORK: ReadonlySet<string> = new Set(["received", "analyzing", "awaiting_approval", "acting"]);

const COLUMNS: readonly Column<Worked>[] = [
  { id: "subject", header: "Ticket", grow: 3, cell: ({ subject }) => <span className="truncate">{subject}</span> },
  { id: "status", header: "Status", width: 160, cell: ({ status }) => <StatusBadge status={status} /> },
  { id: "category", header: "Category", grow: 1, wideOnly: true, cell: ({ category }) => (category === null ? "–" : words(category)) },
  { id: "confidence", header: "Confidence", width: 110, align: "end", wideOnly: true, cell: ({ confidence }) => percent(confidence) ?? "–" },
  { id: "updated", header: "Updated", width: 110, align: "end", cell: ({ at }) => <Time at={at} className="text-muted" /> },
];

export interface RunFilters {
  readonly status: string | undefined;
  readonly q: string | undefined;
  readonly ticket: string | undefined;
}

/** What the agent did, ticket by ticket: each opens to its runs with steps, transcript, cost and why it fell back. */
export function Runs({ filters, onChange }: { filters: RunFilters; onChange: (change: Partial<RunFilters>) => void }) {
  const { status, q, ticket } = filters;
  const path = useMemo(() => {
    const query = new URLSearchParams({ limit: "50", sort: "-updated_at" });
    if (status !== undefined) {
      query.set("status", status);
    }
    if (q !== undefined) {
      query.set("q", q);
    }
    return `/api/v1/tickets?${query}`;
  }, [status, q]);
  const list = useList(["ai", "runs"], path, workedOf, { live: ["tickets"], minGap: 2_000 });
  const isFiltered = status !== undefined || q !== undefined;
  const open = list.data?.find(({ id }) => id === ticket);
  return (
    <div className="flex h-full min-h-0 flex-col gap-3">
      <Limits />
      <Panel title="Runs by ticket" actions={<Age at={list.at} />} className="min-h-0 flex-1">
        <div className="border-b border-line p-2">
          <Toolbar label="Filters">
            <SearchField label="Search tickets" value={q ?? ""} onChange={(typed) => onChange({ q: typed === "" ? undefined : typed })} className="w-full sm:w-64" />
            <Select
              label="Status"
              labelHidden
              value={status ?? ""}
              options={STATUSES}
              onChange={(value) => onChange({ status: value === "" ? undefined : value })}
              className="w-40"
            />
          </Toolbar>
        </div>
        <DataTable
          label="Tickets that the agent worked on"
          columns={COLUMNS}
          rows={list.data}
          isOld={list.isOld}
          rowId={({ id }) => id}
          onOpen={({ id }) => onChange({ ticket: id })}
          openId={ticket ?? null}
          error={list.error}
          onRetry={list.refresh}
          onMore={list.more}
          isLoadingMore={list.isLoadingMore}
          narrow={(row) => (
            <div className="flex min-w-0 flex-col gap-1">
              <span className="truncate font-medium">{row.subject}</span>
              <span className="flex items-center gap-2 text-xs text-muted">
                <StatusBadge status={row.status} />
                <Time at={row.at} />
              </span>
            </div>
          )}
          empty={
            isFiltered ? (
              <EmptyState title="No ticket fits">Take a filter away.</EmptyState>
            ) : (
              <EmptyState title="No runs yet">The agent takes up each ticket that comes in; what it did appears here.</EmptyState>
            )
          }
        />
      </Panel>
      <Sheet wide open={ticket !== undefined} onClose={() => onChange({ ticket: undefined })} title={open?.subject ?? "Runs"}>
        {ticket !== undefined && (
          <>
            <Related ticket={ticket} className="mb-3" />
            <AgentWork ticketId={ticket} />
            <div className="mt-5">
              <TicketActions ticketId={ticket} isAtWork={open !== undefined && AT_WORK.has(open.status)} />
            </div>
          </>
        )}
      </Sheet>
    </div>
  );
}

/** What a run and a day may cost: beyond it a person, or the local engine, takes over. */
function Limits() {
  const { data } = useView(["ai", "workflow"], read("/api/v1/agent/workflow", ({ body }) => limitsOf(body)));
  return (
    <p className="min-h-4 text-xs text-muted tabular-nums">
      {data !== undefined && data !== null && (
        <>
          A run may take {data.steps} steps, {count(data.tokens)} tokens, {data.seconds} s and {data.cost.toFixed(2)} USD; a day {data.day.toFixed(2)} USD.{" "}
          <Link to="/settings/$section" params={{ section: "workflow" }} className="text-accent hover:underline">
            Change the limits
          </Link>
        </>
      )}
    </p>
  );
}

function limitsOf(body: unknown) {
  const limits = isObject(body) && isObject(body["limits"]) ? body["limits"] : {};
  const [steps, tokens, seconds, cost, day] = ["max_steps", "max_tokens", "max_seconds", "max_cost_usd", "daily_budget_usd"].map((name) => number(limits[name]));
  return steps == null || tokens == null || seconds == null || cost == null || day == null ? null : { steps, tokens, seconds, cost, day };
}

function workedOf(item: JsonObject): Worked | null {
  const id = text(item["ticket_id"]);
  // Without a run the agent has not taken it up.
  return id === null || text(item["run_id"]) === null
    ? null
    : {
        id,
        subject: text(item["subject"]) ?? "No subject",
        status: text(item["status"]) ?? "unknown",
        category: text(item["category"]),
        confidence: number(item["confidence"]),
        at: instant(text(item["updated_at"]) ?? text(item["created_at"])),
      };
}
