import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { CircleSlash, Gavel, RotateCcw, Undo2 } from "lucide-react";
import type { ActionControllerOutcome } from "../../api/rest";
import { actorName, actorOf } from "../../lib/actors";
import { useApi } from "../../lib/api";
import { dateTime, sentence, timeOfDay, words } from "../../lib/format";
import { pretty, text } from "../../lib/json";
import { ProblemError } from "../../lib/problem";
import { useHasRole, usePerson, type Role } from "../../lib/session";
import { read, useView } from "../../lib/useView";
import { EffectView } from "../../parts/action/EffectView";
import { BreakGlassBadge } from "../../parts/action/Risk";
import { Section } from "../../parts/action/Section";
import { Related } from "../../parts/related/Related";
import { Button } from "../../ui/Button";
import { CopyId } from "../../ui/CopyId";
import { ConfirmDialog, Sheet } from "../../ui/Dialog";
import { Select, TextArea } from "../../ui/Field";
import { Facts } from "../../ui/Facts";
import { Json } from "../../ui/Json";
import { Banner } from "../../ui/Notice";
import { Steps } from "../../ui/Progress";
import { ErrorState, SkeletonRows } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { LiveStatus } from "./ActionLog";
import { actionName, actionOf, CANCELLABLE, ENDED, OPEN_OUTCOME, stagesOf, undoOf, type Action, type Kind } from "./actions";
import type { Draft } from "./NewAction";

/** Who may call off what another one asked for, by the category of the action. */
const OVERSEERS: ReadonlyMap<string, readonly Role[]> = new Map<string, readonly Role[]>([
  ["financial", ["approver"]],
  ["account", ["approver"]],
  ["operations", ["sre"]],
  ["technical", ["sre"]],
]);

type Asking = "cancel" | "settle" | null;
type Settled = NonNullable<ActionControllerOutcome["outcome"]>;

/** One action: where it stands, live, what it does, what happened, and what can be done about it. */
export function ActionSheet({
  id,
  known,
  kinds,
  onOpen,
  onClose,
  onDraft,
}: {
  id: string;
  /** As the list has it, until it is read by itself. */
  known?: Action | undefined;
  kinds: readonly Kind[];
  onOpen: (id: string) => void;
  onClose: () => void;
  onDraft: (draft: Draft) => void;
}) {
  const view = useView(["actions", "one", id, "sheet"], read(`/api/v1/actions/${encodeURIComponent(id)}`, ({ body }) => actionOf(body)), {
    live: ["actions"],
    matters: ({ key, data }) => (key ?? data["action_id"]) === id,
    pollWhenNotLive: 3_000,
    minGap: 300,
  });
  const [asking, setAsking] = useState<Asking>(null);
  const action = (view.data?.id === id ? view.data : null) ?? known;
  return (
    <Sheet
      open
      wide
      onClose={onClose}
      title={action === undefined ? "Action" : actionName(action.type)}
      {...(action?.target == null ? {} : { description: action.target })}
      {...(action === undefined ? {} : { footer: <Doings action={action} kinds={kinds} onAsk={setAsking} onOpen={onOpen} onDraft={onDraft} /> })}
    >
      {action === undefined ? (
        view.error === null ? (
          <SkeletonRows rows={8} />
        ) : (
          <ErrorState error={view.error} onRetry={view.refresh} />
        )
      ) : (
        <div className="-m-4 flex flex-col">
          <div className="flex flex-col gap-4 px-4 py-3">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
              <span role="status">
                <LiveStatus status={action.status} />
              </span>
              {action.breakGlass !== null && <BreakGlassBadge />}
              <span>
                Asked for <Time at={action.createdAt} /> by {actorName(action.requester)}
              </span>
              <Related
                ticket={action.ticketId}
                approval={action.approvalId}
                isDecided={action.status !== "awaiting_approval"}
                runsOf={action.requester.startsWith("ai:") ? action.ticketId : null}
              />
              <Age at={view.at} className="ml-auto" />
            </div>
            <Steps label="Progress" steps={stagesOf(action)} />
          </div>
          <Outcome action={action} />
          {action.effect !== null && (
            <Section title="Effect" aside={<span className="text-xs text-muted">computed by OpsRelay</span>}>
              <EffectView effect={action.effect} />
            </Section>
          )}
          <Log action={action} />
          {action.result !== null && (
            <Section title="Result">
              <Facts
                facts={Object.entries(action.result).map(([name, value]) => ({
                  name: words(name),
                  value: typeof value === "string" || typeof value === "number" ? String(value) : pretty(value),
                }))}
              />
            </Section>
          )}
          <About action={action} onOpen={onOpen} />
          <Section title="Arguments">
            <Json value={action.arguments} />
          </Section>
        </div>
      )}
      {action !== undefined && asking === "cancel" && <CallOff action={action} onClose={() => setAsking(null)} />}
      {action !== undefined && asking === "settle" && <Settle action={action} onClose={() => setAsking(null)} />}
    </Sheet>
  );
}

/** Says in words what a status alone does not. */
function Outcome({ action: { status, failure, approvalId } }: { action: Action }) {
  const reason = failure === null || status === "expired" ? "" : failure.reason;
  switch (status) {
    case "awaiting_approval":
      return (
        <Banner
          tone="warn"
          action={
            approvalId !== null && (
              <Link to="/approvals" search={{ id: approvalId }} className="font-medium underline underline-offset-2">
                Open the approval
              </Link>
            )
          }
        >
          Policy wants people to decide. Nothing was done yet.
        </Banner>
      );
    case "unknown":
      return (
        <Banner tone="warn">
          <span className="font-medium">It is not known whether it was done.</span> {sentence(reason)}{" "}
          The provider is asked until it tells, and called again only if it says that nothing was done.
        </Banner>
      );
    case "settling":
      return (
        <Banner tone="info">
          The provider has taken it and has not ended it. It is asked after until it has, and never called again.
        </Banner>
      );
    case "failed":
    case "rejected":
    case "cancelled":
    case "expired":
      return (
        <Banner tone={status === "failed" ? "bad" : "warn"}>
          <span className="font-medium">
            {status === "failed" ? "It was not done." : status === "rejected" ? "Somebody said no." : status === "expired" ? "Nobody decided in time." : "It was called off."}
          </span>{" "}
          {sentence(failure?.code === "guardrail_refused" ? `guardrail ${reason}` : reason)}
          {failure !== null && failure.code !== "" && failure.code !== status && <span className="text-xs"> ({failure.code})</span>}
        </Banner>
      );
    default:
      return null;
  }
}

/** What happened, oldest first; new lines arrive at the end. */
function Log({ action: { log, status } }: { action: Action }) {
  return (
    <Section title="Log" aside={!ENDED.has(status) && <span className="text-xs text-muted">as it happens</span>}>
      {log.length === 0 ? (
        <p className="text-muted">Nothing has happened yet.</p>
      ) : (
        <ol role="list" aria-label="Log" aria-live="polite" className="flex flex-col">
          {log.map(({ step, at, detail }, index) => (
            <li
              key={`${index} ${step}`}
              className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3 rounded py-0.5 sm:grid-cols-[5.5rem_8rem_minmax(0,1fr)]"
            >
              <time className="text-muted tabular-nums" {...(at === null ? {} : { dateTime: new Date(at).toISOString(), title: dateTime(at) })}>
                {at === null ? "–" : timeOfDay(at)}
              </time>
              <span className="font-medium">{words(step)}</span>
              {detail !== null && <span className="col-start-2 wrap-anywhere text-muted sm:col-start-3">{detail}</span>}
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function About({ action, onOpen }: { action: Action; onOpen: (id: string) => void }) {
  const link = "text-accent underline-offset-2 hover:underline";
  const other = (id: string | null, name: string) =>
    id !== null && (
      <button type="button" className={link} onClick={() => onOpen(id)}>
        {name}
      </button>
    );
  return (
    <Section title="About">
      <Facts
        facts={[
          { name: "Decided by", value: action.decidedBy !== null && actorName(action.decidedBy) },
          { name: "Edited by", value: action.editor !== null && actorName(action.editor) },
          { name: "Provider", value: action.provider },
          { name: "Environment", value: action.environment },
          { name: "Break-glass", value: action.breakGlass },
          { name: "Last change", value: <Time at={action.updatedAt} /> },
          { name: "Tries again", value: other(action.retryOf, "an action that failed") },
          { name: "Undoes", value: other(action.undoes, "an action that was done") },
          { name: "Id", value: <CopyId id={action.id} name="action id" full /> },
        ]}
      />
    </Section>
  );
}

/** What this person may do about it, as far as it stands. */
function Doings({
  action,
  kinds,
  onAsk,
  onOpen,
  onDraft,
}: {
  action: Action;
  kinds: readonly Kind[];
  onAsk: (asking: Asking) => void;
  onOpen: (id: string) => void;
  onDraft: (draft: Draft) => void;
}) {
  const person = usePerson();
  const kind = kinds.find(({ type }) => type === action.type);
  const isAdmin = useHasRole("admin");
  const isOverseer = useHasRole(...(OVERSEERS.get(kind?.category ?? "") ?? ["approver", "sre"]));
  const mayAsk = isAdmin || (kind?.requesters.some((role) => person.roles.includes(role)) ?? false);
  const isMine = action.requester === actorOf(person);
  const api = useApi();
  const toast = useToast();
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: async () => {
      const { body } = await api.post(`/api/v1/actions/${encodeURIComponent(action.id)}/retry`);
      return actionOf(body);
    },
    onSuccess: (again) => {
      toast({ title: "It is tried again", detail: "It is prepared and decided anew." });
      if (again !== null) {
        onOpen(again.id);
      }
    },
    onError: (failure) => toast({ title: "It cannot be tried again", detail: failure.message, tone: "bad" }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["actions"] }),
  });
  const undo = undoOf(action);
  const canCancel = CANCELLABLE.has(action.status) && (isMine || isOverseer);
  const canSettle = OPEN_OUTCOME.has(action.status) && isAdmin;
  const canRetry = action.status === "failed" && mayAsk;
  const canUndo = undo !== null && mayAsk;
  if (!canCancel && !canSettle && !canRetry && !canUndo) {
    return null;
  }
  return (
    <>
      {canCancel && (
        <Button look="bad" icon={CircleSlash} onClick={() => onAsk("cancel")}>
          Call off
        </Button>
      )}
      {canSettle && (
        <Button icon={Gavel} onClick={() => onAsk("settle")}>
          Settle by hand
        </Button>
      )}
      {canUndo && (
        <Button icon={Undo2} onClick={() => onDraft({ type: undo.type, arguments: undo.arguments, undoes: action.id })}>
          Undo
        </Button>
      )}
      {canRetry && (
        <Button icon={RotateCcw} disabled={retry.isPending} onClick={() => retry.mutate()}>
          {retry.isPending ? "Asking…" : "Try again"}
        </Button>
      )}
    </>
  );
}

function CallOff({ action, onClose }: { action: Action; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Call it off?"
      description="It has not begun, and never will."
      confirm="Call off"
      danger
      onConfirm={async () => {
        await api.post(`/api/v1/actions/${encodeURIComponent(action.id)}/cancel`, { reason: said(reason) });
        await queries.invalidateQueries({ queryKey: ["actions"] });
      }}
    >
      <Why value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}

function Settle({ action, onClose }: { action: Action; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [outcome, setOutcome] = useState<Settled | "">("");
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Settle by hand?"
      description="Only if you have found out at the provider what became of it. It is not asked after any more."
      confirm="Settle"
      danger
      onConfirm={async () => {
        if (outcome === "") {
          throw new ProblemError("Choose what became of it.", 422);
        }
        await api.post(`/api/v1/actions/${encodeURIComponent(action.id)}/settle`, { outcome, reason: said(reason) });
        await queries.invalidateQueries({ queryKey: ["actions"] });
      }}
    >
      <Select
        label="What became of it"
        value={outcome}
        onChange={(value) => setOutcome(value as Settled | "")}
        options={[
          { value: "", label: "Choose…" },
          { value: "done", label: "It was done" },
          { value: "not_done", label: "It was not done" },
        ]}
      />
      <Why value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}

function Why({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return <TextArea label="Reason" rows={2} required maxLength={500} value={value} onChange={(event) => onChange(event.target.value)} />;
}

function said(reason: string): string {
  const given = text(reason.trim());
  if (given === null) {
    throw new ProblemError("Say why: others must know.", 422);
  }
  return given;
}

