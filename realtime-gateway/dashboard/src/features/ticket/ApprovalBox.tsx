import { useNavigate } from "@tanstack/react-router";
import { useId } from "react";
import { ShieldCheck } from "lucide-react";
import { actorOf } from "../../lib/actors";
import { words } from "../../lib/format";
import { isObject, pretty, text } from "../../lib/json";
import { usePerson } from "../../lib/session";
import { useList } from "../../lib/useView";
import { moneyOf } from "../../parts/action/effect";
import { BreakGlassBadge, RiskBadge } from "../../parts/action/Risk";
import { approvalOf, type Approval } from "../../parts/approval/approvals";
import { Decide } from "../../parts/approval/Decide";
import { Expiry } from "../../parts/approval/Expiry";
import { TicketChanged } from "../../parts/approval/TicketChanged";
import { mayDo } from "../../parts/approval/verdict";
import { Votes } from "../../parts/approval/Votes";
import { Related } from "../../parts/related/Related";
import { Badge } from "../../ui/Badge";
import { Time } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { PartFailed } from "../../ui/PartFailed";
import { nameOf } from "./ticket";

/** What of this ticket waits for a decision, decided where one reads the ticket. */
export function WaitingApprovals({ ticketId, isWaiting }: { ticketId: string; isWaiting: boolean }) {
  const view = useList(
    ["ticket", ticketId, "approvals"],
    `/api/v1/approvals?status=pending&ticket_id=${encodeURIComponent(ticketId)}`,
    approvalOf,
    {
      live: ["approvals"],
      matters: ({ data }) => data["ticket_id"] === undefined || data["ticket_id"] === ticketId,
      pollWhenNotLive: isWaiting ? 3_000 : 30_000,
    },
  );
  if (view.error !== null && view.data === undefined) {
    return isWaiting ? (
      <section aria-label="Waiting approval" className="rounded-lg border border-line bg-surface">
        <PartFailed error={view.error} onRetry={view.refresh} />
      </section>
    ) : null;
  }
  return view.data?.map((approval, index) => <ApprovalBox key={approval.id} approval={approval} hasKeys={index === 0} />) ?? null;
}

function ApprovalBox({ approval, hasKeys }: { approval: Approval; hasKeys: boolean }) {
  const person = usePerson();
  const heading = useId();
  const toast = useToast();
  const navigate = useNavigate();
  const { actionType, actionId, raw, risk, claimedBy, votes, votesNeeded } = approval;
  const money = isObject(raw["effect"]) ? moneyOf(raw["effect"]["money"]) : null;
  const facts = isObject(raw["facts"]) ? raw["facts"] : {};
  const claims = isObject(raw["said_by_requester"]) ? raw["said_by_requester"] : {};
  const args = isObject(raw["arguments"]) ? raw["arguments"] : {};
  const isReversible = facts["reversible"];
  return (
    <section aria-labelledby={heading} className="flex shrink-0 flex-col rounded-lg border border-warn bg-surface">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 p-3">
        <ShieldCheck aria-hidden="true" className="size-4 text-warn" />
        <h2 id={heading} className="font-semibold">
          {words(actionType)} waits for a decision
        </h2>
        {risk !== null && <RiskBadge risk={risk} />}
        {approval.breakGlass !== null && <BreakGlassBadge />}
        {votesNeeded > 1 && <Votes given={votes} needed={votesNeeded} />}
        <span className="text-xs text-muted">
          <Expiry at={approval.expiresAt} />
        </span>
        {claimedBy !== null && claimedBy !== actorOf(person) && <Badge tone="info">{nameOf(claimedBy)} is at it</Badge>}
        <span className="ml-auto flex flex-wrap gap-x-3 text-xs text-muted">
          <span>
            asked <Time at={approval.requestedAt} /> by {nameOf(approval.requester)}
          </span>
          <Related approval={approval.id} action={actionId} hasKeys={hasKeys} />
        </span>
      </header>
      <TicketChanged approval={approval} />
      <div className="grid gap-3 p-3 pt-0 sm:grid-cols-2">
        <div className="min-w-0">
          <h3 className="mb-1 text-xs font-medium text-muted">What it does, computed</h3>
          {money !== null && <p className="text-xl font-semibold tabular-nums">{money}</p>}
          <p className="wrap-anywhere">{approval.summary ?? "Nothing was computed."}</p>
          {typeof isReversible === "boolean" && (
            <p className="mt-1">
              <Badge tone={isReversible ? "neutral" : "warn"}>{isReversible ? "Can be undone" : "Cannot be undone"}</Badge>
            </p>
          )}
          <p className="mt-1 text-xs text-muted wrap-anywhere">
            {text(raw["rule_in_words"]) ?? `Asked for by the rule “${text(raw["rule"]) ?? ""}”`}
          </p>
        </div>
        <div className="min-w-0">
          <h3 className="mb-1 text-xs font-medium text-muted">Arguments, as they would be executed</h3>
          <dl className="grid max-h-48 grid-cols-[auto_minmax(0,1fr)] gap-x-3 overflow-y-auto rounded-md border border-line bg-canvas px-2.5 py-1.5 font-mono text-xs leading-5">
            {Object.entries(args).map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-muted">{name}</dt>
                <dd className="wrap-anywhere whitespace-pre-wrap">
                  {typeof value === "string" ? value : isFlat(value) ? String(value) : pretty(value)}
                  {claims[name] !== undefined && (
                    <span className="font-sans text-warn"> (a claim of whoever asked, not checked)</span>
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      </div>
      <Decide
        approval={approval}
        may={mayDo(approval, person)}
        hasNext={false}
        hasKeys={hasKeys}
        onDecided={({ id }, told) =>
          toast({
            tone: "good",
            title: told,
            action:
              actionId === null
                ? { label: "Open the approval", run: () => void navigate({ to: "/approvals", search: { tab: "history", id } }) }
                : { label: "Open the action", run: () => void navigate({ to: "/operations", search: { id: actionId } }) },
          })
        }
        onRefused={(_, why) => toast({ tone: "bad", title: `${words(actionType)}: your decision was not taken`, detail: why })}
      />
    </section>
  );
}

function isFlat(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}
