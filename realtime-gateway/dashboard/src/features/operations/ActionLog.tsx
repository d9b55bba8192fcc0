import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { actorName } from "../../lib/actors";
import { cx } from "../../lib/cx";
import { words } from "../../lib/format";
import { isObject, itemsOf, text } from "../../lib/json";
import { read, useList, useView } from "../../lib/useView";
import type { Filter } from "../../parts/action/FilterBar";
import { BreakGlassBadge } from "../../parts/action/Risk";
import { StatusBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import type { Column } from "../../ui/DataTable";
import { Banner } from "../../ui/Notice";
import { useChanged } from "../../ui/Stat";
import { EmptyState } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { ActionSheet } from "./ActionSheet";
import { actionName, actionOf, kindsOf, type Action } from "./actions";
import { ListFrame, NarrowEntry, useOpenEntry } from "./ListFrame";
import type { Draft } from "./NewAction";

const route = getRouteApi("/shell/operations");

const COLUMNS: readonly Column<Action>[] = [
  {
    id: "type",
    header: "Action",
    cell: ({ type, breakGlass }) => (
      <span className="flex items-center gap-2">
        <span className="truncate font-medium">{actionName(type)}</span>
        {breakGlass !== null && <BreakGlassBadge />}
      </span>
    ),
    width: 190,
  },
  { id: "target", header: "Target", cell: ({ target }) => target ?? "–", grow: 1.5, wideOnly: true },
  { id: "effect", header: "What", cell: ({ effect, failure }) => effect?.summary ?? failure?.reason ?? "–", grow: 3 },
  { id: "status", header: "Status", cell: ({ status }) => <LiveStatus status={status} />, width: 160 },
  { id: "requester", header: "Asked for by", cell: ({ requester }) => actorName(requester), grow: 1.5, wideOnly: true },
  { id: "at", header: "Asked for", cell: ({ createdAt }) => <Time at={createdAt} />, width: 110, align: "end" },
];

const STATUSES = [
  "requested",
  "prepared",
  "awaiting_approval",
  "approved",
  "executing",
  "succeeded",
  "failed",
  "unknown",
  "settling",
  "rejected",
  "expired",
  "cancelled",
];

/** Everything that was asked for, newest first, as it happens. */
export function ActionLog({ onDraft }: { onDraft: (draft: Draft) => void }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const kinds = useView(["actions", "catalogue"], read("/api/v1/actions/catalogue", ({ body }) => kindsOf(body)));
  const filters: readonly Filter[] = [
    { name: "status", label: "Status", value: search.status, options: STATUSES.map((value) => ({ value, label: words(value) })) },
    {
      name: "type",
      label: "Action",
      value: search.type,
      options: (kinds.data ?? []).map(({ type }) => ({ value: type, label: actionName(type) })),
    },
    { name: "target", label: "Target", value: search.target, hint: "standalone/*" },
    { name: "requester", label: "Asked for by", value: search.requester, hint: "user:mary@acme.example" },
    { name: "provider", label: "Provider", value: search.provider, hint: "kubernetes" },
  ];
  const query = new URLSearchParams();
  for (const { name, value } of filters) {
    if (value !== undefined) {
      query.set(name === "type" ? "action_type" : name, value);
    }
  }
  const list = useList(["actions", "log"], `/api/v1/actions?${query}`, actionOf, { live: ["actions"] });
  const open = useOpenOutcomes();
  const entry = useOpenEntry();
  return (
    <ListFrame
      label="Actions"
      filters={filters}
      onClear={() => void navigate({ search: {}, replace: true })}
      aside={<Age at={list.at} />}
      notice={
        open.count > 0 &&
        search.status !== "unknown" && (
          <div className="overflow-hidden rounded-lg">
            <Banner
              tone="warn"
              action={
                <Button size="small" onClick={() => void navigate({ search: { status: "unknown" } })}>
                  Show {open.count === 1 ? "it" : "them"}
                </Button>
              }
            >
              <span className="font-medium">
                {open.count === 1 ? "The outcome of one action is not known." : `The outcome of ${open.count}${open.isMore ? " or more" : ""} actions is not known.`}
              </span>{" "}
              The answer of who does it was lost; OpsRelay keeps asking and does nothing twice.
            </Banner>
          </div>
        )
      }
      list={list}
      columns={COLUMNS}
      narrow={({ type, target, status, createdAt }) => (
        <NarrowEntry name={actionName(type)} about={target} status={<LiveStatus status={status} />} at={createdAt} />
      )}
      empty={<EmptyState title="Nothing was done yet">What people and AI employees ask for shows here, step by step.</EmptyState>}
    >
      {entry.id !== null && (
        <ActionSheet
          key={entry.id}
          id={entry.id}
          known={list.data?.find((row) => row.id === entry.id)}
          kinds={kinds.data ?? NO_KINDS}
          onOpen={entry.open}
          onClose={entry.close}
          onDraft={(draft) => {
            entry.close();
            onDraft(draft);
          }}
        />
      )}
    </ListFrame>
  );
}

const NO_KINDS: ReturnType<typeof kindsOf> = [];

/** Flashes when it changes before somebody's eyes. */
export function LiveStatus({ status }: { status: string }) {
  const changed = useChanged(status);
  return <StatusBadge status={status} className={cx(changed && "animate-arrive")} />;
}

const NO_OUTCOMES = { count: 0, isMore: false };

/** How many have an outcome that nobody knows; `isMore`: one page did not tell all of them. */
function useOpenOutcomes(): { readonly count: number; readonly isMore: boolean } {
  const view = useView(
    ["actions", "unknown"],
    useMemo(
      () =>
        read("/api/v1/actions?status=unknown&limit=50", ({ body }) => ({
          count: itemsOf(body).length,
          isMore: isObject(body) && text(body["next_cursor"]) !== null,
        })),
      [],
    ),
    { live: ["actions"], minGap: 5_000 },
  );
  return view.data ?? NO_OUTCOMES;
}
