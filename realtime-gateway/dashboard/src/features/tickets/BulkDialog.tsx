import { useQueryClient } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { useApi } from "../../lib/api";
import { shortId, words } from "../../lib/format";
import { text } from "../../lib/json";
import { useHasRole, usePerson } from "../../lib/session";
import { useList } from "../../lib/useView";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Select, TextField } from "../../ui/Field";
import { Progress } from "../../ui/Progress";
import { isPossible, runBulk, tagsOf, type BulkAction, type BulkKind, type BulkOutcome } from "./bulk";
import { PRIORITIES } from "./filters";
import type { TicketRow } from "./tickets";

const VERBS: Readonly<Record<BulkKind, string>> = {
  status: "Set the status of",
  priority: "Set the priority of",
  assignee: "Assign",
  tags: "Change the tags of",
  merge: "Merge",
  retry: "Retry",
};
const BUTTONS: Readonly<Record<BulkKind, string>> = {
  status: "Set status",
  priority: "Set priority",
  assignee: "Assign",
  tags: "Change tags",
  merge: "Merge",
  retry: "Retry",
};
const STATUS_OPTIONS = [
  { value: "resolved", label: "Resolved" },
  { value: "escalated", label: "Escalated: a person has it" },
  { value: "closed", label: "Closed, for good" },
];

/** One action for all chosen tickets: first what, then how far it is, then what could not be done and why. */
export function BulkDialog({
  kind,
  tickets,
  onClose,
  onDone,
}: {
  kind: BulkKind;
  /** As they were when the dialog was opened. */
  tickets: readonly TicketRow[];
  onClose: () => void;
  /** Told the tickets that it was done to. */
  onDone: (ids: readonly string[]) => void;
}) {
  const api = useApi();
  const queries = useQueryClient();
  const [action, setAction] = useState<BulkAction>(() => firstOf(kind, tickets));
  const [run, setRun] = useState<{ total: number; outcomes: readonly BulkOutcome[]; isOver: boolean } | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const possible = tickets.filter((ticket) => isPossible(action, ticket));
  // The one that takes the others in is no exception to be told about.
  const excluded = tickets.length - possible.length - (action.kind === "merge" ? 1 : 0);
  const start = async (among: readonly TicketRow[]) => {
    const control = new AbortController();
    stop.current = control;
    const outcomes: BulkOutcome[] = [];
    setRun({ total: among.length, outcomes: [], isOver: false });
    await runBulk(api, action, among, control.signal, (outcome) => {
      outcomes.push(outcome);
      setRun({ total: among.length, outcomes: [...outcomes], isOver: false });
    });
    setRun({ total: among.length, outcomes, isOver: true });
    onDone(outcomes.flatMap(({ ticket, failure }) => (failure === null ? [ticket.id] : [])));
    void queries.invalidateQueries({ queryKey: ["tickets"] });
  };
  const failures = run?.outcomes.filter(({ failure }) => failure !== null) ?? [];
  const close = () => {
    stop.current?.abort();
    onClose();
  };
  const isReady = possible.length > 0 && isComplete(action);

  return (
    <Dialog
      open
      onClose={close}
      title={`${VERBS[kind]} ${tickets.length} ${tickets.length === 1 ? "ticket" : "tickets"}`}
      footer={
        run === null ? (
          <>
            <Button onClick={close}>Cancel</Button>
            <Button look="primary" type="submit" form="bulk" disabled={!isReady}>
              {BUTTONS[kind]}
            </Button>
          </>
        ) : run.isOver ? (
          <>
            {failures.length > 0 && (
              <Button onClick={() => void start(failures.map(({ ticket }) => ({ ...ticket, version: null })))}>
                Try {failures.length === 1 ? "it" : `these ${failures.length}`} again
              </Button>
            )}
            <Button look="primary" onClick={close}>
              Done
            </Button>
          </>
        ) : (
          <Button onClick={close}>Stop</Button>
        )
      }
    >
      {run === null ? (
        <form
          id="bulk"
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (isReady) {
              void start(possible);
            }
          }}
        >
          <Fields action={action} tickets={tickets} onChange={setAction} />
          {excluded > 0 && (
            <p role="status" className="flex items-start gap-2 text-warn">
              <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
              {excludedText(action, excluded, tickets.length)}
            </p>
          )}
        </form>
      ) : (
        <div className="flex flex-col gap-3">
          <Progress label="Done so far" value={run.outcomes.length} max={run.total} />
          <p role="status" className="tabular-nums">
            {run.isOver ? (
              <>
                {run.outcomes.length - failures.length} of {run.total} done
                {failures.length > 0 && `, ${failures.length} not`}
              </>
            ) : (
              `${run.outcomes.length} of ${run.total}…`
            )}
          </p>
          {failures.length > 0 && (
            <ul role="list" aria-label="Not done" className="flex flex-col divide-y divide-line rounded-md border border-line">
              {failures.map(({ ticket, failure }) => (
                <li key={ticket.id} className="flex items-start gap-2 px-3 py-2">
                  <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-bad" />
                  <div className="min-w-0">
                    <p className="truncate font-medium">{ticket.subject}</p>
                    <p className="text-muted wrap-anywhere">{failure}</p>
                  </div>
                </li>
              ))}
            </ul>
          )}
          {run.isOver && failures.length === 0 && (
            <p className="flex items-center gap-2 text-good">
              <CircleCheck aria-hidden="true" className="size-4" />
              All of them are done.
            </p>
          )}
        </div>
      )}
    </Dialog>
  );
}

function Fields({
  action,
  tickets,
  onChange,
}: {
  action: BulkAction;
  tickets: readonly TicketRow[];
  onChange: (action: BulkAction) => void;
}) {
  switch (action.kind) {
    case "status":
      return (
        <>
          <Select
            label="Status"
            value={action.status}
            options={STATUS_OPTIONS}
            onChange={(status) => onChange({ ...action, status })}
          />
          <Reason value={action.reason} onChange={(reason) => onChange({ ...action, reason })} />
        </>
      );
    case "priority":
      return (
        <Select
          label="Priority"
          hint="The agent's own judgement no longer changes it."
          value={action.priority}
          options={PRIORITIES.map((value) => ({ value, label: words(value) }))}
          onChange={(priority) => onChange({ ...action, priority })}
        />
      );
    case "assignee":
      return <Assignee value={action.assignee} onChange={(assignee) => onChange({ ...action, assignee })} />;
    case "tags":
      return <Tags onChange={(add, remove) => onChange({ ...action, add, remove })} />;
    case "merge":
      return (
        <>
          <Select
            label="Into"
            hint="It shows the messages of the others and gets their later ones. The others are closed, for good."
            value={action.into}
            options={tickets.map(({ id, subject, customer }) => ({
              value: id,
              label: [subject, customer, shortId(id)].filter((part) => part !== null).join(" · "),
            }))}
            onChange={(into) => onChange({ ...action, into })}
          />
          <Reason value={action.reason} onChange={(reason) => onChange({ ...action, reason })} />
        </>
      );
    case "retry":
      return (
        <>
          <p>The agent gets them once more, each with its whole conversation.</p>
          <Reason value={action.reason} onChange={(reason) => onChange({ ...action, reason })} />
        </>
      );
  }
}

function Reason({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <TextField
      label="Reason (optional)"
      hint="Stands in each ticket's timeline."
      value={value}
      maxLength={1_000}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Assignee({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const { user } = usePerson();
  const users = useList(["tickets", "users"], "/api/v1/users", (item) => text(item["email"]), {
    enabled: useHasRole("admin"), // nobody else may read them
    pollWhenNotLive: 300_000,
  });
  const list = useId();
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label="To"
        hint="A user's name; empty for nobody."
        value={value ?? ""}
        list={list}
        maxLength={254}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value.trim() === "" ? null : event.target.value.trim())}
      />
      <datalist id={list}>
        {users.data?.map((email) => (
          <option key={email} value={email} />
        ))}
      </datalist>
      <div className="flex gap-2">
        <Button size="small" onClick={() => onChange(user)}>
          To me
        </Button>
        <Button size="small" onClick={() => onChange(null)}>
          To nobody
        </Button>
      </div>
    </div>
  );
}

function Tags({ onChange }: { onChange: (add: readonly string[], remove: readonly string[]) => void }) {
  const [add, setAdd] = useState("");
  const [remove, setRemove] = useState("");
  return (
    <>
      <TextField
        label="Add"
        hint="Several with commas between, such as vip, late delivery."
        value={add}
        autoComplete="off"
        onChange={(event) => {
          setAdd(event.target.value);
          onChange(tagsOf(event.target.value), tagsOf(remove));
        }}
      />
      <TextField
        label="Take off"
        value={remove}
        autoComplete="off"
        onChange={(event) => {
          setRemove(event.target.value);
          onChange(tagsOf(add), tagsOf(event.target.value));
        }}
      />
    </>
  );
}

function firstOf(kind: BulkKind, tickets: readonly TicketRow[]): BulkAction {
  switch (kind) {
    case "status":
      return { kind, status: "resolved", reason: "" };
    case "priority":
      return { kind, priority: "high" };
    case "assignee":
      return { kind, assignee: null };
    case "tags":
      return { kind, add: [], remove: [] };
    case "merge": {
      // The oldest that is still open: the others are most often its repetitions.
      const open = tickets.filter(({ status }) => status !== "closed");
      const oldest = open.toSorted((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0))[0];
      return { kind, into: (oldest ?? tickets[0])?.id ?? "", reason: "" };
    }
    case "retry":
      return { kind, reason: "" };
  }
}

function isComplete(action: BulkAction): boolean {
  return action.kind !== "tags" || action.add.length + action.remove.length > 0;
}

function excludedText(action: BulkAction, excluded: number, all: number): string {
  const which = excluded === all ? "None of them" : `${excluded} of ${all}`;
  switch (action.kind) {
    case "status":
      return excluded === all
        ? `None of them can be set to ${action.status} as they are now.`
        : `${which} cannot be set to ${action.status} as they are now. They are left out.`;
    case "retry":
      return excluded === all
        ? "None of them can be retried: only failed and escalated tickets can."
        : `${which} cannot be retried: only failed and escalated tickets can. They are left out.`;
    default:
      return excluded === all
        ? "None of them can be merged: an action of theirs is under way."
        : `${which} cannot be merged while an action of theirs is under way. They are left out.`;
  }
}
