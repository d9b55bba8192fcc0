import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../lib/api";
import { age, dateTime, words } from "../../lib/format";
import { isObject, pretty, text } from "../../lib/json";
import { messageOf } from "../../lib/problem";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { CopyId } from "../../ui/CopyId";
import { TextArea } from "../../ui/Field";
import { Problem } from "../../ui/Notice";
import { decide, PENDING_APPROVALS, type Approval, type Decision } from "./approvals";

/** Less than this until it expires, in milliseconds, is worth a warning. */
const EXPIRES_SOON_MS = 5 * 60_000;

/** Deciding takes two steps: what is sensitive is not done by one slip of the pointer. */
export function ApprovalCard({ approval, now }: { approval: Approval; now: number }) {
  const api = useApi();
  const queries = useQueryClient();
  const [choice, setChoice] = useState<Decision["decision"] | null>(null);
  const decision = useMutation({
    mutationFn: (made: Decision) => decide(api, approval.id, made),
    // Also after a failure: somebody else may have decided.
    onSettled: () => queries.invalidateQueries({ queryKey: PENDING_APPROVALS }),
  });
  const title = words(approval.actionType);

  return (
    <li className="flex flex-col gap-2.5 p-3" aria-label={title}>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h3 className="font-semibold">{title}</h3>
        <Waiting approval={approval} now={now} />
        {approval.ticketId !== null && (
          <span className="ml-auto flex items-center gap-2 text-xs text-muted">
            ticket <CopyId id={approval.ticketId} name="ticket id" />
          </span>
        )}
      </div>
      {approval.effect !== null && (
        <div>
          <h4 className="mb-0.5 text-xs font-medium text-muted">Effect</h4>
          <Value value={approval.effect} />
        </div>
      )}
      <div>
        <h4 className="mb-0.5 text-xs font-medium text-muted">Arguments</h4>
        <pre
          tabIndex={0}
          aria-label={`Arguments of ${title}`}
          className="max-h-56 overflow-y-auto rounded-md border border-line bg-canvas px-2.5 py-1.5 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap"
        >
          {pretty(approval.arguments)}
        </pre>
      </div>
      {approval.rule !== null && <p className="text-xs text-muted wrap-anywhere">Asked for by the rule “{approval.rule}”</p>}
      {choice === null ? (
        <div className="flex gap-2">
          <Button look="good" className="flex-1" onClick={() => setChoice("approve")}>
            Approve
          </Button>
          <Button look="bad" className="flex-1" onClick={() => setChoice("reject")}>
            Reject
          </Button>
        </div>
      ) : (
        <ReasonForm
          key={choice}
          choice={choice}
          busy={decision.isPending || decision.isSuccess}
          onDecide={(reason) => decision.mutate({ decision: choice, reason })}
          onCancel={() => {
            setChoice(null);
            decision.reset();
          }}
        />
      )}
      {decision.isError && <Problem>{messageOf(decision.error)}</Problem>}
    </li>
  );
}

function ReasonForm({
  choice,
  busy,
  onDecide,
  onCancel,
}: {
  choice: Decision["decision"];
  busy: boolean;
  onDecide: (reason: string) => void;
  onCancel: () => void;
}) {
  const approving = choice === "approve";
  return (
    <form
      className="flex flex-col gap-2"
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          onCancel();
        } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.currentTarget.requestSubmit();
        }
      }}
      onSubmit={(event) => {
        event.preventDefault();
        const reason = String(new FormData(event.currentTarget).get("reason") ?? "").trim();
        // Spaces alone satisfy the browser's check but tell the agent nothing.
        if (!busy && (approving || reason !== "")) {
          onDecide(reason);
        }
      }}
    >
      <TextArea
        label={approving ? "Reason (optional)" : "Reason"}
        name="reason"
        rows={2}
        required={!approving}
        maxLength={2_000}
        autoFocus
      />
      <div className="flex gap-2">
        <Button type="submit" look="primary" className="flex-1" disabled={busy}>
          {busy ? "Sending…" : approving ? "Confirm approval" : "Confirm rejection"}
        </Button>
        <Button onClick={onCancel} disabled={busy}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function Waiting({ approval: { requestedAt, expiresAt }, now }: { approval: Approval; now: number }) {
  const left = expiresAt === null ? null : expiresAt - now;
  return (
    <>
      {requestedAt !== null && (
        <span className="text-xs text-muted tabular-nums" title={dateTime(requestedAt)}>
          waits {age(Math.max(0, now - requestedAt))}
        </span>
      )}
      {left !== null && left < EXPIRES_SOON_MS && (
        <Badge tone="warn">{left <= 0 ? "expired" : `expires in ${age(left)}`}</Badge>
      )}
    </>
  );
}

function Value({ value }: { value: unknown }) {
  if (!isObject(value)) {
    return <p className="wrap-anywhere">{typeof value === "string" ? value : pretty(value)}</p>;
  }
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5">
      {Object.entries(value).map(([name, member]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{words(name)}</dt>
          <dd className="tabular-nums wrap-anywhere">
            <Member value={member} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** An amount reads as one; what is nested deeper is indented under its name. */
function Member({ value }: { value: unknown }) {
  if (!isObject(value)) {
    return typeof value === "string" ? value : pretty(value);
  }
  const amount = text(value["amount"]);
  const currency = text(value["currency"]);
  if (amount !== null && currency !== null && Object.keys(value).length === 2) {
    return `${amount} ${currency}`;
  }
  return <Value value={value} />;
}
