import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { ShieldCheck } from "lucide-react";
import { useApi } from "../../lib/api";
import { age, words } from "../../lib/format";
import { pretty } from "../../lib/json";
import { messageOf, ProblemError } from "../../lib/problem";
import { usePerson } from "../../lib/session";
import { useNow } from "../../lib/useNow";
import { useList } from "../../lib/useView";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Problem } from "../../ui/Notice";
import { Time } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { approvalOf, changesOf, editablesOf, type Approval } from "./approval";
import { PartFailed } from "./Problems";
import { nameOf } from "./ticket";

/** Less than this until it expires, in milliseconds, is worth a warning. */
const EXPIRES_SOON_MS = 5 * 60_000;
const MINUTE = 60_000;

type Choice = "approve" | "edit" | "reject" | "respond";

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
  return view.data?.map((approval) => <ApprovalBox key={approval.id} approval={approval} ticketId={ticketId} />) ?? null;
}

function ApprovalBox({ approval, ticketId }: { approval: Approval; ticketId: string }) {
  const person = usePerson();
  const heading = useId();
  const now = useNow(15_000);
  const [choice, setChoice] = useState<Choice | null>(null);
  const me = `user:${person.user}`;
  const holds = (role: string) => person.roles.includes("admin") || person.roles.includes(role);
  const mayDecide =
    approval.roles.length === 0 ? ["approver", "sre", "admin"].some(holds) : approval.roles.some(holds);
  const isBarred = approval.barred.includes(me) || approval.barred.includes(person.user);
  const hasVoted = approval.votes.some(({ by }) => by === me || by === person.user);
  const left = approval.expiresAt === null ? null : approval.expiresAt - now;
  const others = approval.claimedBy !== null && approval.claimedBy !== me && (approval.claimedUntil ?? 0) > now;
  return (
    <section aria-labelledby={heading} className="flex shrink-0 flex-col gap-3 rounded-lg border border-warn bg-surface p-3">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <ShieldCheck aria-hidden="true" className="size-4 text-warn" />
        <h2 id={heading} className="font-semibold">
          {words(approval.actionType)} waits for a decision
        </h2>
        {approval.votesNeeded > 1 && (
          <Badge tone="info">
            {approval.votes.length} of {approval.votesNeeded} people said yes
          </Badge>
        )}
        {left !== null && left < EXPIRES_SOON_MS && (
          <Badge tone="warn">{left <= 0 ? "expired" : `expires in ${age(Math.max(left, MINUTE / 60))}`}</Badge>
        )}
        {others && approval.claimedBy !== null && <Badge tone="info">{nameOf(approval.claimedBy)} is at it</Badge>}
        <span className="ml-auto text-xs text-muted">
          asked <Time at={approval.createdAt} /> by {nameOf(approval.requester)}
        </span>
      </header>
      <div className="grid gap-3 sm:grid-cols-2">
        <div className="min-w-0">
          <h3 className="mb-1 text-xs font-medium text-muted">What it does, computed</h3>
          {approval.money !== null && <p className="text-xl font-semibold tabular-nums">{approval.money}</p>}
          <p className="wrap-anywhere">{approval.effect ?? "Nothing was computed."}</p>
          <p className="mt-1 flex flex-wrap gap-1.5">
            {approval.risk !== null && <Badge>{words(approval.risk)} risk</Badge>}
            {approval.isReversible !== null && (
              <Badge tone={approval.isReversible ? "neutral" : "warn"}>
                {approval.isReversible ? "Can be undone" : "Cannot be undone"}
              </Badge>
            )}
          </p>
          <p className="mt-1 text-xs text-muted wrap-anywhere">
            {approval.ruleInWords ?? `Asked for by the rule “${approval.rule}”`}
          </p>
        </div>
        <div className="min-w-0">
          <h3 className="mb-1 text-xs font-medium text-muted">Arguments, as they would be executed</h3>
          <dl className="grid max-h-48 grid-cols-[auto_minmax(0,1fr)] gap-x-3 overflow-y-auto rounded-md border border-line bg-canvas px-2.5 py-1.5 font-mono text-xs leading-5">
            {Object.entries(approval.arguments).map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-muted">{name}</dt>
                <dd className="wrap-anywhere whitespace-pre-wrap">
                  {typeof value === "string" ? value : isFlat(value) ? String(value) : pretty(value)}
                  {approval.claims[name] !== undefined && (
                    <span className="font-sans text-warn"> (a claim of whoever asked, not checked)</span>
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      </div>
      {mayDecide && isBarred && (
        <p className="text-muted">You asked for this, or changed it, so somebody else approves it.</p>
      )}
      {!mayDecide ? (
        <p className="text-muted">{`${list(approval.roles.map((role) => words(role).toLowerCase()))} decide about this.`}</p>
      ) : hasVoted ? (
        <p className="text-muted">You said yes. Somebody else has to agree.</p>
      ) : choice === null ? (
        <div className="flex flex-wrap gap-2">
          {!isBarred && (
            <Button look="good" onClick={() => setChoice("approve")}>
              Approve
            </Button>
          )}
          {editablesOf(approval).length > 0 && <Button onClick={() => setChoice("edit")}>Edit</Button>}
          <Button look="bad" onClick={() => setChoice("reject")}>
            Reject
          </Button>
          <Button look="quiet" onClick={() => setChoice("respond")}>
            Respond
          </Button>
          <Link
            to="/approvals"
            search={{ id: approval.id }}
            className="ml-auto self-center rounded text-xs text-accent hover:underline"
          >
            Open in approvals
          </Link>
        </div>
      ) : (
        <DecisionForm key={choice} approval={approval} ticketId={ticketId} choice={choice} onLeave={() => setChoice(null)} />
      )}
    </section>
  );
}

const FORMS: Readonly<Record<Choice, { reason: string; confirm: string; hint?: string; done: string }>> = {
  approve: { reason: "Reason (optional)", confirm: "Confirm approval", done: "Approved" },
  edit: {
    reason: "Why you change it",
    confirm: "Change it",
    hint: "It is prepared again and comes back for a decision with its new effect.",
    done: "Changed; it is prepared again",
  },
  reject: { reason: "Reason", confirm: "Confirm rejection", hint: "Whoever asked is told.", done: "Rejected" },
  respond: {
    reason: "Answer to the agent",
    confirm: "Send the answer",
    hint: "Nothing is executed; the agent goes on with your answer.",
    done: "Answered",
  },
};

/** The second step: what is sensitive is not done by one slip of the pointer. */
function DecisionForm({
  approval,
  ticketId,
  choice,
  onLeave,
}: {
  approval: Approval;
  ticketId: string;
  choice: Choice;
  onLeave: () => void;
}) {
  const api = useApi();
  const queries = useQueryClient();
  const toast = useToast();
  const [missing, setMissing] = useState<string | null>(null);
  const form = FORMS[choice];
  const editables = choice === "edit" ? editablesOf(approval) : [];
  const decide = useMutation({
    mutationFn: (body: object) => api.post(`/api/v1/approvals/${encodeURIComponent(approval.id)}/decide`, body),
    onSuccess: () => toast({ tone: choice === "reject" ? "neutral" : "good", title: `${words(approval.actionType)}: ${form.done.toLowerCase()}` }),
    // Also after a failure: somebody else may have decided.
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["ticket", ticketId] }),
        queries.invalidateQueries({ queryKey: ["approvals"] }),
      ]),
  });
  const fields = decide.error instanceof ProblemError ? decide.error.fields : new Map<string, string>();
  const isOfField = editables.some(({ name }) => fields.has(`arguments.${name}`)) || fields.has("reason");
  const busy = decide.isPending || decide.isSuccess;
  return (
    <form
      aria-label={`${words(choice)} ${words(approval.actionType).toLowerCase()}`}
      className="flex flex-col gap-2"
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          onLeave();
        } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.currentTarget.requestSubmit();
        }
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (busy) {
          return;
        }
        const filled = new FormData(event.currentTarget);
        const value = (name: string) => String(filled.get(name) ?? "");
        const reason = value("reason").trim();
        // Spaces alone satisfy the browser's check but tell nobody anything.
        if (choice !== "approve" && reason === "") {
          setMissing("Say why: it is told to whoever asked.");
          return;
        }
        const changes = changesOf(editables, new Map(editables.map(({ name }) => [name, value(`argument ${name}`)])));
        if (choice === "edit" && Object.keys(changes).length === 0) {
          setMissing("Change at least one value, or cancel.");
          return;
        }
        setMissing(null);
        decide.mutate({
          decision: choice,
          ...(reason === "" ? {} : { reason }),
          ...(choice === "edit" ? { arguments: changes } : {}),
        });
      }}
    >
      {editables.length > 0 && (
        <div className="grid gap-2 sm:grid-cols-3">
          {editables.map(({ name, label, value, isNumber }, index) => (
            <TextField
              key={name}
              label={label}
              name={`argument ${name}`}
              defaultValue={value}
              inputMode={isNumber ? "numeric" : name === "amount" ? "decimal" : "text"}
              autoFocus={index === 0}
              autoComplete="off"
              problem={fields.get(`arguments.${name}`)}
            />
          ))}
        </div>
      )}
      <TextArea
        label={form.reason}
        name="reason"
        rows={2}
        maxLength={2_000}
        autoFocus={editables.length === 0}
        hint={form.hint}
        problem={fields.get("reason")}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" disabled={busy}>
          {decide.isPending ? "Sending…" : form.confirm}
        </Button>
        <Button onClick={onLeave} disabled={decide.isPending}>
          Cancel
        </Button>
      </div>
      {missing !== null && <Problem>{missing}</Problem>}
      {decide.isError && !isOfField && <Problem>{messageOf(decide.error)}</Problem>}
    </form>
  );
}

function isFlat(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function list(names: readonly string[]): string {
  const plural = names.map((name) => `${name}s`);
  const joined = plural.length < 2 ? plural.join("") : `${plural.slice(0, -1).join(", ")} and ${plural.at(-1) ?? ""}`;
  return joined === "" ? "Approvers" : joined.charAt(0).toUpperCase() + joined.slice(1);
}
