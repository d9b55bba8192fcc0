import { useId } from "react";
import { actorName } from "../../lib/actors";
import { instant, timeOfDay, words } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";
import { useList } from "../../lib/useView";
import { StatusBadge } from "../../ui/Badge";
import { CopyId } from "../../ui/CopyId";
import { Disclosure } from "../../ui/Disclosure";
import { Json } from "../../ui/Json";
import { SkeletonRows } from "../../ui/States";
import { Time } from "../../ui/Time";
import { PartFailed } from "../../ui/PartFailed";
import { Related } from "../related/Related";

interface Action {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly effect: string | null;
  readonly approvalId: string | null;
  readonly requester: string;
  readonly decidedBy: string | null;
  readonly provider: string | null;
  readonly arguments: unknown;
  readonly result: unknown;
  readonly failure: string | null;
  readonly steps: readonly { readonly name: string; readonly at: number | null; readonly detail: string | null }[];
  readonly at: number | null;
}

/** What was done to the outside world for this ticket, or was to be. */
export function TicketActions({ ticketId, isAtWork }: { ticketId: string; isAtWork: boolean }) {
  const view = useList(["ticket", ticketId, "actions"], `/api/v1/actions?ticket_id=${encodeURIComponent(ticketId)}`, actionOf, {
    live: ["actions"],
    matters: ({ data }) => data["ticket_id"] === undefined || data["ticket_id"] === ticketId,
    pollWhenNotLive: isAtWork ? 3_000 : 30_000,
  });
  const heading = useId();
  return (
    <section aria-labelledby={heading} className="flex flex-col gap-2">
      <h3 id={heading} className="text-xs font-medium text-muted">
        Actions
      </h3>
      {view.data === undefined ? (
        view.error === null ? (
          <SkeletonRows rows={2} />
        ) : (
          <PartFailed error={view.error} onRetry={view.refresh} />
        )
      ) : view.data.length === 0 ? (
        <p className="text-muted">Nothing was done to the outside world.</p>
      ) : (
        <ol role="list" className="flex flex-col gap-2">
          {view.data.map((action) => (
            <ActionView key={action.id} action={action} />
          ))}
        </ol>
      )}
    </section>
  );
}

function ActionView({ action }: { action: Action }) {
  return (
    <li className="rounded-md border border-line">
      <Disclosure
        row={
          <>
            <span className="min-w-0 flex-1 wrap-anywhere">
              <span className="font-medium">{words(action.type)}</span>
              {action.effect !== null && <span className="text-muted"> {action.effect}</span>}
            </span>
            <StatusBadge status={action.status} />
          </>
        }
        note={action.failure !== null && <p className="border-t border-line px-2.5 py-1.5 text-bad wrap-anywhere">{action.failure}</p>}
      >
        <div className="flex flex-col gap-3">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
            <span>asked for by {actorName(action.requester)}</span>
            {action.decidedBy !== null && <span>decided by {actorName(action.decidedBy)}</span>}
            {action.provider !== null && <span>by {action.provider}</span>}
            <Time at={action.at} />
            <CopyId id={action.id} name="action id" />
            <Related action={action.id} approval={action.approvalId} isDecided={action.decidedBy !== null} hasKeys={false} />
          </p>
          <Labelled name="Arguments">
            <Json value={action.arguments} />
          </Labelled>
          {isObject(action.result) && (
            <Labelled name="Result">
              <Json value={action.result} />
            </Labelled>
          )}
          {action.steps.length > 0 && (
            <Labelled name="Steps">
              <ol role="list" className="flex flex-col gap-1">
                {action.steps.map(({ name, at, detail }, index) => (
                  <li key={index} className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3">
                    <span className="font-mono text-xs leading-5 text-muted tabular-nums">{at === null ? "" : timeOfDay(at)}</span>
                    <span className="wrap-anywhere">
                      <span className="font-medium">{words(name)}</span>
                      {detail !== null && <span className="text-muted"> {detail}</span>}
                    </span>
                  </li>
                ))}
              </ol>
            </Labelled>
          )}
        </div>
      </Disclosure>
    </li>
  );
}

function Labelled({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <h4 className="mb-1 text-xs font-medium text-muted">{name}</h4>
      {children}
    </div>
  );
}

function actionOf(item: JsonObject): Action | null {
  const id = text(item["action_id"]);
  if (id === null) {
    return null;
  }
  const effect = isObject(item["effect"]) ? text(item["effect"]["summary"]) : null;
  const failure = isObject(item["failure"]) ? item["failure"] : null;
  return {
    id,
    type: text(item["action_type"]) ?? "action",
    status: text(item["status"]) ?? "unknown",
    effect,
    approvalId: text(item["approval_id"]),
    requester: text(item["requester"]) ?? "",
    decidedBy: text(item["decided_by"]),
    provider: text(item["provider"]),
    arguments: item["arguments"] ?? {},
    result: item["result"],
    failure: failure === null ? null : (text(failure["reason"]) ?? text(failure["code"])),
    steps: (Array.isArray(item["steps"]) ? (item["steps"] as unknown[]) : []).filter(isObject).map((step) => ({
      name: text(step["step"]) ?? "step",
      at: instant(text(step["at"])),
      detail: text(step["detail"]),
    })),
    at: instant(text(item["created_at"])),
  };
}
