import { getRouteApi } from "@tanstack/react-router";
import { actorName } from "../../lib/actors";
import { age, words } from "../../lib/format";
import { useList } from "../../lib/useView";
import { StatusBadge } from "../../ui/Badge";
import { DataTable, type Column } from "../../ui/DataTable";
import { Sheet } from "../../ui/Dialog";
import { FilterBar, type Filter } from "../../parts/action/FilterBar";
import { EmptyState } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { approvalOf, type Approval } from "../../parts/approval/approvals";
import { ApprovalDetail } from "./ApprovalDetail";

const route = getRouteApi("/shell/approvals");

const COLUMNS: readonly Column<Approval>[] = [
  { id: "action", header: "Action", cell: ({ actionType }) => <span className="font-medium">{words(actionType)}</span>, width: 170 },
  { id: "effect", header: "Effect", cell: ({ summary, target }) => summary ?? target, grow: 3 },
  { id: "status", header: "Outcome", cell: ({ status, raw }) => <StatusBadge status={raw["decision"] === "edit" ? "edited" : status} />, width: 130 },
  { id: "by", header: "Decided by", cell: ({ decidedBy }) => (decidedBy === null ? "–" : actorName(decidedBy)), grow: 1.5, wideOnly: true },
  { id: "requester", header: "Asked for by", cell: ({ requester }) => actorName(requester), grow: 1.5, wideOnly: true },
  { id: "took", header: "Took", cell: (row) => took(row), width: 80, align: "end", wideOnly: true },
  { id: "at", header: "When", cell: ({ decidedAt, requestedAt }) => <Time at={decidedAt ?? requestedAt} />, width: 110, align: "end" },
];

const STATUSES = ["pending", "approved", "rejected", "responded", "expired", "cancelled"];

/** Every request there was, page after page; the filters stand in the address. */
export function ApprovalHistory() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filters: readonly Filter[] = [
    {
      name: "status",
      label: "Outcome",
      value: search.status,
      options: STATUSES.map((status) => ({ value: status, label: words(status) })),
    },
    { name: "type", label: "Action type", value: search.type, hint: "refund" },
    { name: "decided_by", label: "Decided by", value: search.decided_by, hint: "user:mary@acme.example" },
    { name: "requester", label: "Asked for by", value: search.requester, hint: "ai:luna" },
    { name: "rule", label: "Rule", value: search.rule, hint: "refund-needs-person" },
  ];
  const query = new URLSearchParams();
  for (const { name, value } of filters) {
    if (value !== undefined) {
      query.set(name === "type" ? "action_type" : name, value);
    }
  }
  const list = useList(["approvals", "history"], `/api/v1/approvals?${query}`, approvalOf, { live: ["approvals"], minGap: 2_000 });
  const set = (changes: Readonly<Record<string, string | undefined>>) =>
    void navigate({ search: (before) => ({ ...before, ...changes, id: undefined }), replace: true });
  const hasFilters = filters.some(({ value }) => value !== undefined);
  const id = search.id ?? null;
  return (
    <div className="flex flex-col gap-3 lg:h-full lg:min-h-0">
      <FilterBar label="Filters of the history" filters={filters} onChange={set} onClear={() => void navigate({ search: { tab: "history" }, replace: true })} aside={<Age at={list.at} />} />
      <div className="flex min-h-96 flex-1 rounded-lg border border-line bg-surface lg:min-h-0">
        <DataTable
          label="History of approvals"
          columns={COLUMNS}
          narrow={(row) => (
            <div className="flex flex-col gap-1">
              <span className="truncate">{row.summary ?? words(row.actionType)}</span>
              <span className="flex items-center justify-between gap-2">
                <StatusBadge status={row.raw["decision"] === "edit" ? "edited" : row.status} />
                <Time at={row.decidedAt ?? row.requestedAt} className="text-xs text-muted" />
              </span>
            </div>
          )}
          rows={list.data}
          isOld={list.isOld}
          rowId={(row) => row.id}
          openId={id}
          onOpen={(row) => void navigate({ search: (before) => ({ ...before, id: row.id }), replace: true })}
          error={list.error}
          onRetry={list.refresh}
          onMore={list.more}
          isLoadingMore={list.isLoadingMore}
          empty={
            hasFilters ? (
              <EmptyState title="Nothing matches these filters" />
            ) : (
              <EmptyState title="Nothing was asked for yet">What people and policy decide shows here.</EmptyState>
            )
          }
        />
      </div>
      <Sheet
        open={id !== null}
        wide
        title="Approval"
        onClose={() => void navigate({ search: (before) => ({ ...before, id: undefined }), replace: true })}
      >
        {id !== null && (
          <div className="-m-4">
            <ApprovalDetail
              key={id}
              id={id}
              known={list.data?.find((row) => row.id === id)}
              onOpen={(next) => void navigate({ search: (before) => ({ ...before, id: next }), replace: true })}
            />
          </div>
        )}
      </Sheet>
    </div>
  );
}

/** From the request to the decision. */
function took({ requestedAt, decidedAt }: Approval): string {
  return requestedAt === null || decidedAt === null ? "–" : age(Math.max(1_000, decidedAt - requestedAt));
}
