import { getRouteApi } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { ArchiveRestore, ChevronsUpDown, Ellipsis, Logs, RefreshCw, RotateCw, type LucideIcon } from "lucide-react";
import { useHasRole } from "../../lib/session";
import { sentence } from "../../lib/format";
import { useList } from "../../lib/useView";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { SearchField } from "../../ui/Field";
import { DropdownMenu, MenuItem, MenuSeparator } from "../../ui/Menu";
import { Banner } from "../../ui/Notice";
import { EmptyState } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { actionName } from "./actions";
import { deploymentOf, instancesInWords, isWell, placeOf, whereOf, type Deployment } from "./deployment";
import type { Draft } from "./NewAction";

const route = getRouteApi("/shell/operations");

const ICONS: ReadonlyMap<string, LucideIcon> = new Map([
  ["restart_deployment", RotateCw],
  ["rollout_restart", RefreshCw],
  ["scale_deployment", ChevronsUpDown],
  ["rollback_deployment", ArchiveRestore],
]);

/** What this client may act on, as it stands now; read anew when an action on it has ended. */
export function useDeployments(enabled = true) {
  return useList(["deployments"], "/api/v1/deployments?limit=100", deploymentOf, {
    live: ["actions"],
    matters: ({ type }) => type === "action_succeeded" || type === "action_failed",
    minGap: 5_000,
    enabled,
  });
}

/** Every deployment that this client may act on, with what can be done to it. */
export function Deployments({ onDraft }: { onDraft: (draft: Draft) => void }) {
  const navigate = route.useNavigate();
  const mayAct = useHasRole("sre");
  const list = useDeployments();
  const [typed, setTyped] = useState("");
  const words = useDeferredValue(typed.trim().toLowerCase());
  const rows = useMemo(
    () => list.data?.filter(({ target, image }) => target.includes(words) || (image ?? "").toLowerCase().includes(words)),
    [list.data, words],
  );
  const away = useMemo(
    () => [...new Set((list.data ?? []).flatMap(({ state, problem }) => (state === "unreachable" && problem !== null ? [problem] : [])))],
    [list.data],
  );
  const columns = useMemo((): readonly Column<Deployment>[] => {
    const menu = (row: Deployment) => (
      <Doings
        row={row}
        mayAct={mayAct}
        onDraft={onDraft}
        onLog={() => void navigate({ search: { target: row.target } })}
      />
    );
    return [
      { id: "service", header: "Deployment", cell: (row) => <Name row={row} />, grow: 1.4, sortBy: ({ service }) => service },
      { id: "where", header: "Where", cell: whereOf, grow: 1.4, wideOnly: true, sortBy: whereOf },
      { id: "instances", header: "Replicas", cell: (row) => <Instances row={row} />, width: 150, sortBy: ({ replicas }) => replicas },
      { id: "image", header: "Image", cell: ({ image }) => <span title={image ?? undefined}>{image ?? "–"}</span>, grow: 1.6, wideOnly: true },
      { id: "revision", header: "Revision", cell: ({ revision }) => revision ?? "–", width: 100, wideOnly: true },
      { id: "changed", header: "Last change", cell: ({ changedAt }) => <Time at={changedAt} />, width: 110, align: "end", wideOnly: true, sortBy: ({ changedAt }) => changedAt },
      { id: "doings", header: "", cell: menu, width: 76, align: "end" },
    ];
  }, [mayAct, navigate, onDraft]);

  return (
    <div className="flex flex-col gap-3 lg:h-full lg:min-h-0">
      {away.length > 0 && (
        <div className="overflow-hidden rounded-lg">
          {away.map((problem) => (
            <Banner key={problem} tone="warn">
              <span className="font-medium">Some deployments cannot be looked at.</span> {sentence(problem)}
            </Banner>
          ))}
        </div>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <SearchField label="Find a deployment" value={typed} onChange={setTyped} className="w-full sm:w-72" />
        <Age at={list.at} className="ml-auto" />
      </div>
      <div className="flex min-h-96 flex-1 rounded-lg border border-line bg-surface lg:min-h-0">
        <DataTable
          label="Deployments"
          columns={columns}
          narrow={(row) => (
            <div className="flex items-center gap-2">
              <span className="flex min-w-0 flex-1 flex-col gap-1">
                <Name row={row} />
                <Instances row={row} />
              </span>
              <Doings row={row} mayAct={mayAct} onDraft={onDraft} onLog={() => void navigate({ search: { target: row.target } })} />
            </div>
          )}
          rows={rows}
          rowId={(row) => row.target}
          error={list.error}
          onRetry={list.refresh}
          onMore={list.more}
          isLoadingMore={list.isLoadingMore}
          empty={
            words !== "" ? (
              <EmptyState title="Nothing matches" />
            ) : (
              <EmptyState title="There are no deployments to act on">
                Which ones this client may touch is granted in the configuration of action-engine.
              </EmptyState>
            )
          }
        />
      </div>
    </div>
  );
}

function Name({ row }: { row: Deployment }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span className="truncate font-medium" title={row.target}>
        {row.service}
      </span>
      {row.environment !== null && <Badge tone={row.environment === "production" ? "bad" : "neutral"}>{row.environment}</Badge>}
      {row.isProtected && <Badge tone="info">two people</Badge>}
    </span>
  );
}

function Instances({ row }: { row: Deployment }) {
  const { state, problem, rollout } = row;
  if (state !== "found") {
    return (
      <span title={problem ?? undefined}>
        <Badge tone="warn">{state === "missing" ? "not there" : state === "refused" ? "not shown" : "no answer"}</Badge>
      </span>
    );
  }
  return (
    <span className={isWell(row) ? "tabular-nums" : "font-medium text-warn tabular-nums"} title={rollout ?? undefined}>
      {instancesInWords(row)}
    </span>
  );
}

function Doings({
  row,
  mayAct,
  onDraft,
  onLog,
}: {
  row: Deployment;
  mayAct: boolean;
  onDraft: (draft: Draft) => void;
  onLog: () => void;
}) {
  return (
    <DropdownMenu
      label={`What can be done to ${row.service}`}
      trigger={<Button look="quiet" size="small" icon={Ellipsis} aria-label={`What can be done to ${row.target}`} />}
    >
      {mayAct &&
        row.actions.map((type) => (
          <MenuItem
            key={type}
            icon={ICONS.get(type) ?? RotateCw}
            disabled={row.state === "missing"}
            onSelect={() => onDraft({ type, arguments: placeOf(row) })}
          >
            {actionName(type)}
          </MenuItem>
        ))}
      {mayAct && row.actions.length > 0 && <MenuSeparator />}
      <MenuItem icon={Logs} onSelect={onLog}>
        What was done to it
      </MenuItem>
    </DropdownMenu>
  );
}
