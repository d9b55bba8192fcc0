import { useQueryClient } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { actorName } from "../../lib/actors";
import { useApi } from "../../lib/api";
import { words } from "../../lib/format";
import { usePerson } from "../../lib/session";
import { Button } from "../../ui/Button";
import { ChosenBar } from "../../ui/ChosenBar";
import { Dialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/Field";
import { KeyHint } from "../../ui/KeyHint";
import { Progress } from "../../ui/Progress";
import type { Approval } from "../../parts/approval/approvals";
import { barredFrom, decideAll, type BulkChoice, type BulkOutcome } from "./bulk";

/** What can be done to those that are chosen. */
export function BulkBar({ count, onChoose, onClear }: { count: number; onChoose: (choice: BulkChoice) => void; onClear: () => void }) {
  return (
    <ChosenBar
      label="Chosen requests"
      count={count}
      onClear={onClear}
      className="sticky bottom-0 z-10 mt-auto flex-wrap gap-2 border-t px-3 py-2"
    >
      <Button size="small" look="good" aria-keyshortcuts="Shift+A" className="ml-auto" onClick={() => onChoose("approve")}>
        Approve…
      </Button>
      <Button size="small" look="bad" aria-keyshortcuts="Shift+R" onClick={() => onChoose("reject")}>
        Reject…
      </Button>
    </ChosenBar>
  );
}

const WORDS = {
  approve: { title: "Approve", button: "Approve", done: "approved" },
  reject: { title: "Reject", button: "Reject", done: "rejected" },
} as const;

/** One decision with one reason for all that are chosen: first what it is about, then how far it is, then what was not decided and why. */
export function BulkDecide({
  choice,
  approvals,
  onClose,
  onDone,
}: {
  choice: BulkChoice;
  /** As they were when the dialog was opened. */
  approvals: readonly Approval[];
  onClose: () => void;
  /** Told the ids of those that were decided. */
  onDone: (ids: readonly string[]) => void;
}) {
  const api = useApi();
  const person = usePerson();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  const [run, setRun] = useState<{ total: number; outcomes: readonly BulkOutcome[]; isOver: boolean } | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const sorted = approvals.map((approval) => ({ approval, because: barredFrom(choice, approval, person) }));
  const possible = sorted.filter(({ because }) => because === null).map(({ approval }) => approval);
  const barred = sorted.filter(({ because }) => because !== null);
  const { title, button, done } = WORDS[choice];
  const start = async (among: readonly Approval[]) => {
    const control = new AbortController();
    stop.current = control;
    const outcomes: BulkOutcome[] = [];
    setRun({ total: among.length, outcomes: [], isOver: false });
    await decideAll(api, { decision: choice, reason: reason.trim() }, among, control.signal, (outcome) => {
      outcomes.push(outcome);
      setRun({ total: among.length, outcomes: [...outcomes], isOver: false });
    });
    setRun({ total: among.length, outcomes, isOver: true });
    onDone(outcomes.flatMap(({ approval, failure }) => (failure === null ? [approval.id] : [])));
    void queries.invalidateQueries({ queryKey: ["approvals"] });
  };
  const close = () => {
    stop.current?.abort();
    onClose();
  };
  const failures = run?.outcomes.filter(({ failure }) => failure !== null) ?? [];
  return (
    <Dialog
      open
      wide
      onClose={close}
      title={`${title} ${possible.length} ${possible.length === 1 ? "request" : "requests"}`}
      description="Each is decided by itself, with the same reason."
      footer={
        run === null ? (
          <>
            <span className="mr-auto hidden items-center gap-1.5 text-xs text-muted sm:flex">
              <KeyHint keys="Ctrl+Enter" /> decides, <KeyHint keys="Esc" /> goes back
            </span>
            <Button onClick={close}>Cancel</Button>
            <Button look={choice === "reject" ? "danger" : "primary"} type="submit" form="bulk-decide" disabled={possible.length === 0}>
              {button} {possible.length}
            </Button>
          </>
        ) : (
          <Button look={run.isOver ? "primary" : "plain"} onClick={close}>
            {run.isOver ? "Done" : "Stop"}
          </Button>
        )
      }
    >
      {run === null ? (
        <form
          id="bulk-decide"
          noValidate
          aria-label={`${title} the chosen requests`}
          className="flex flex-col gap-4"
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
              event.currentTarget.requestSubmit();
            }
          }}
          onSubmit={(event) => {
            event.preventDefault();
            setMissing(reason.trim() === "");
            if (reason.trim() !== "" && possible.length > 0) {
              void start(possible);
            }
          }}
        >
          <TextArea
            label="Reason"
            required
            rows={2}
            maxLength={2_000}
            value={reason}
            problem={isMissing && reason.trim() === "" ? "Say why: it stands with each of them." : undefined}
            onChange={(event) => setReason(event.target.value)}
          />
          <ul role="list" aria-label={`To be ${done}`} className="flex flex-col divide-y divide-line rounded-md border border-line empty:hidden">
            {possible.map((approval) => (
              <li key={approval.id} className="px-3 py-2 wrap-anywhere">
                <Line approval={approval} />
              </li>
            ))}
          </ul>
          {barred.length > 0 && (
            <section aria-label="Left out" className="flex flex-col gap-2">
              <h3 className="flex items-center gap-2 font-medium text-warn">
                <CircleAlert aria-hidden="true" className="size-4 shrink-0" />
                {barred.length === 1 ? "One is left out" : `${barred.length} are left out`}
              </h3>
              <ul role="list" className="flex flex-col divide-y divide-line rounded-md border border-line">
                {barred.map(({ approval, because }) => (
                  <li key={approval.id} className="px-3 py-2 wrap-anywhere">
                    <Line approval={approval} />
                    <p className="text-xs text-muted">{because}</p>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </form>
      ) : (
        <div className="flex flex-col gap-3">
          <Progress label="Decided so far" value={run.outcomes.length} max={run.total} />
          <p role="status" className="flex items-center gap-2 tabular-nums">
            {run.isOver && failures.length === 0 && <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-good" />}
            {run.isOver
              ? `${run.outcomes.length - failures.length} of ${run.total} ${done}${failures.length > 0 ? `, ${failures.length} not` : ""}`
              : `${run.outcomes.length} of ${run.total}…`}
          </p>
          {failures.length > 0 && (
            <ul role="list" aria-label={`Not ${done}`} className="flex flex-col divide-y divide-line rounded-md border border-line">
              {failures.map(({ approval, failure }) => (
                <li key={approval.id} className="px-3 py-2 wrap-anywhere">
                  <Line approval={approval} />
                  <p className="text-bad">{failure}</p>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </Dialog>
  );
}

function Line({ approval: { actionType, summary, target, requester, claimedBy } }: { approval: Approval }) {
  return (
    <>
      <p className="font-medium">{words(actionType)}</p>
      <p>{summary ?? target}</p>
      <p className="text-xs text-muted">
        by {actorName(requester)}
        {claimedBy !== null && `; ${actorName(claimedBy)} is at it`}
      </p>
    </>
  );
}
