import { Bot } from "lucide-react";
import { useEffect, useRef } from "react";
import { actorName, actorOf } from "../../lib/actors";
import { words } from "../../lib/format";
import { isObject, pretty, text } from "../../lib/json";
import { usePerson } from "../../lib/session";
import { read, useView } from "../../lib/useView";
import { effectOf } from "../../parts/action/effect";
import { EffectView } from "../../parts/action/EffectView";
import { BreakGlassBadge, RiskBadge } from "../../parts/action/Risk";
import { Section } from "../../parts/action/Section";
import { Related } from "../../parts/related/Related";
import { StatusBadge } from "../../ui/Badge";
import { CopyId } from "../../ui/CopyId";
import { DiffView } from "../../ui/DiffView";
import { Facts } from "../../ui/Facts";
import { Banner } from "../../ui/Notice";
import { ErrorState, SkeletonRows } from "../../ui/States";
import { Time } from "../../ui/Time";
import { approvalOf, type Approval } from "../../parts/approval/approvals";
import { Decide, type OnDecided } from "../../parts/approval/Decide";
import { Expiry } from "../../parts/approval/Expiry";
import { Settled } from "./Settled";
import { TicketChanged } from "../../parts/approval/TicketChanged";
import { mayDo, textsOf, votesOf } from "../../parts/approval/verdict";
import { Votes } from "../../parts/approval/Votes";

/** Everything that one must know to decide, and the decision itself at its foot. */
export function ApprovalDetail({
  id,
  known,
  onDecided,
  onOpen,
  hasNext = false,
}: {
  id: string;
  /** As the list has it, until it is read by itself. */
  known?: Approval | undefined;
  onDecided?: OnDecided;
  onOpen?: (id: string) => void;
  hasNext?: boolean;
}) {
  const action = useRef<string | null>(known?.actionId ?? null);
  const view = useView(["approvals", "one", id], read(`/api/v1/approvals/${encodeURIComponent(id)}`, ({ body }) => approvalOf(body)), {
    live: ["approvals"],
    // Also of other versions of the action: one of them may take the place of this one.
    matters: ({ key, data }) =>
      (key ?? data["approval_id"]) === id || (action.current !== null && data["action_id"] === action.current),
    pollWhenNotLive: 3_000,
    minGap: 300,
  });
  const person = usePerson();
  const approval = view.data?.id === id ? view.data : known;
  useEffect(() => {
    action.current = approval?.actionId ?? null;
  });
  if (approval === undefined) {
    return view.error === null ? <SkeletonRows rows={8} /> : <ErrorState error={view.error} onRetry={view.refresh} />;
  }
  const isPending = approval.status === "pending";
  const { raw, claimedBy } = approval;
  const may = mayDo(approval, person);
  const effect = effectOf(raw["effect"]);
  const claims = isObject(raw["said_by_requester"]) ? Object.entries(raw["said_by_requester"]) : [];
  const title = words(approval.actionType);
  return (
    <article aria-label={title} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex min-h-0 flex-1 flex-col lg:overflow-y-auto lg:overscroll-contain">
        <header className="flex flex-col gap-1.5 px-4 pt-3 pb-3">
          <div className="flex flex-wrap items-center gap-2">
            <h2 className="text-lg font-semibold wrap-anywhere">{title}</h2>
            {!isPending && <StatusBadge status={approval.status} />}
            {approval.risk !== null && <RiskBadge risk={approval.risk} />}
            {approval.breakGlass !== null && <BreakGlassBadge />}
          </div>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
            <span>
              Asked for <Time at={approval.requestedAt} />
              {approval.requester !== "" && <> by {actorName(approval.requester)}</>}
            </span>
            {isPending && <Expiry at={approval.expiresAt} />}
            <Related
              ticket={approval.ticketId}
              action={approval.actionId}
              runsOf={approval.requester.startsWith("ai:") ? approval.ticketId : null}
            />
          </div>
        </header>
        {isPending && claimedBy !== null && claimedBy !== actorOf(person) && (
          <Banner tone="info">
            {actorName(claimedBy)} is deciding this. You can still decide.
          </Banner>
        )}
        <TicketChanged approval={approval} />
        {!isPending && <Settled approval={approval} {...(onOpen === undefined ? {} : { onOpen })} />}
        <div className="border-t border-line">
          {effect !== null && (
            <Section title="Effect" aside={<span className="text-xs text-muted">computed by OpsRelay</span>}>
              <EffectView effect={effect} />
            </Section>
          )}
          <ChangedFromBefore approval={approval} />
          <Section
            title="Arguments"
            aside={text(raw["arguments_hash"]) !== null && <CopyId id={text(raw["arguments_hash"]) ?? ""} name="hash of the arguments" />}
          >
            <pre
              tabIndex={0}
              aria-label={`Arguments of ${title}`}
              className="max-h-56 overflow-y-auto rounded-md border border-line bg-canvas px-2.5 py-1.5 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap"
            >
              {pretty(raw["arguments"] ?? {})}
            </pre>
            {claims.map(([name, value]) => (
              <div key={name} className="flex items-start gap-2 text-muted">
                <Bot aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
                <p className="min-w-0 wrap-anywhere">
                  {words(name)}, as whoever asked put it (a claim, not checked):{" "}
                  <q className="text-ink">{typeof value === "string" ? value : pretty(value)}</q>
                </p>
              </div>
            ))}
          </Section>
          <Why approval={approval} />
          <Who approval={approval} />
        </div>
      </div>
      {isPending && <Decide approval={approval} may={may} onDecided={onDecided} hasNext={hasNext} />}
    </article>
  );
}

function Why({ approval: { raw } }: { approval: Approval }) {
  const facts = isObject(raw["facts"]) ? raw["facts"] : {};
  const rule = text(raw["rule"]);
  const inWords = text(raw["rule_in_words"]);
  const confidence = facts["confidence"];
  const verified = facts["customer_verified"];
  const version = raw["policy_version"];
  return (
    <Section title="Why it is asked">
      {inWords !== null && <p className="wrap-anywhere">{inWords}</p>}
      <Facts
        facts={[
          {
            name: "Rule",
            value: rule !== null && (
              <>
                {rule}
                {typeof version === "number" && <span className="text-muted"> ({version === 0 ? "as shipped" : `policy version ${version}`})</span>}
              </>
            ),
          },
          { name: "Category", value: text(facts["category"]) !== null && words(text(facts["category"]) ?? "") },
          { name: "Target", value: text(facts["target"]) },
          { name: "Environment", value: text(facts["environment"]) },
          { name: "Can be undone", value: typeof facts["reversible"] === "boolean" && (facts["reversible"] ? "yes" : "no") },
          { name: "Agent's confidence", value: typeof confidence === "number" && percent(confidence) },
          { name: "Customer", value: typeof verified === "boolean" && (verified ? "verified" : "not verified") },
          { name: "Break-glass", value: text(facts["break_glass"]) },
        ]}
      />
    </Section>
  );
}

/** Nothing that is not certain reads as such. */
function percent(share: number): string {
  return share < 1 && share >= 0.995 ? "more than 99 %" : `${Math.round(share * 100)} %`;
}

function Who({ approval }: { approval: Approval }) {
  const { raw, votes, votesNeeded, requester } = approval;
  const editor = text(raw["editor"]);
  const given = votesOf(approval);
  const mayDecide = textsOf(raw["may_decide"]);
  return (
    <Section title="Who decides" aside={votesNeeded > 0 && <Votes given={votes} needed={votesNeeded} />}>
      <Facts
        facts={[
          { name: "Asked for by", value: requester !== "" && actorName(requester) },
          { name: "Edited by", value: editor !== null && actorName(editor) },
          { name: "May decide", value: mayDecide.length > 0 && mayDecide.join(", ") },
          { name: "Reminded", value: typeof raw["reminders"] === "number" && raw["reminders"] > 0 && `${raw["reminders"]} times` },
        ]}
      />
      {given.length > 0 && (
        <ul role="list" className="flex flex-col gap-1">
          {given.map(({ by, reason, at }) => (
            <li key={by} className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-medium">{actorName(by)}</span>
              <span className="text-muted">
                approved <Time at={at} />
              </span>
              {reason !== null && <q className="wrap-anywhere">{reason}</q>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** What an edit changed: the preparation before this one, against this one. */
function ChangedFromBefore({ approval: { id, raw } }: { approval: Approval }) {
  const version = typeof raw["version"] === "number" ? raw["version"] : 1;
  const view = useView(
    ["approvals", "versions", id],
    read(`/api/v1/approvals/${encodeURIComponent(id)}/versions`, ({ body }) =>
      (isObject(body) && Array.isArray(body["items"]) ? (body["items"] as unknown[]) : []).filter(isObject),
    ),
    { enabled: version > 1 },
  );
  const before = view.data?.findLast((each) => typeof each["version"] === "number" && each["version"] < version);
  if (before === undefined) {
    return null;
  }
  const by = text(before["decided_by"]);
  const reason = text(before["reason"]);
  return (
    <Section title={`Version ${version}, edited${by === null ? "" : ` by ${actorName(by)}`}`}>
      {reason !== null && <q className="wrap-anywhere">{reason}</q>}
      <DiffView label="What the edit changed" before={pretty(before["arguments"])} after={pretty(raw["arguments"])} />
    </Section>
  );
}
