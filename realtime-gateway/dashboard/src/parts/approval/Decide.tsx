import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, MessageSquareReply, Pencil, X } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from "react";
import { actorOf } from "../../lib/actors";
import { useApi } from "../../lib/api";
import { useCommands, type Command } from "../../lib/commands";
import { words } from "../../lib/format";
import { messageOf, ProblemError } from "../../lib/problem";
import { usePerson } from "../../lib/session";
import { useIsHere } from "../../lib/useIsHere";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { KeyHint } from "../../ui/KeyHint";
import { Problem } from "../../ui/Notice";
import { useToast } from "../../ui/Toast";
import { PENDING_APPROVALS, type Approval, type PendingApprovals } from "./approvals";
import { decideAs, Overtaken, type Verdict } from "./decision";
import { EditForm } from "./EditForm";
import type { Choice, May } from "./verdict";

/** It is decided as far as this person can; `told` says so. */
export type OnDecided = (approval: Approval, told: string) => void;

const CHOICES = [
  { choice: "approve", name: "Approve", keys: "a", icon: Check, look: "good" },
  { choice: "edit", name: "Edit", keys: "e", icon: Pencil, look: "plain" },
  { choice: "reject", name: "Reject", keys: "r", icon: X, look: "bad" },
  { choice: "respond", name: "Answer instead", keys: "t", icon: MessageSquareReply, look: "plain" },
] as const;

/** Deciding takes two steps: what is sensitive is not done by one slip of the pointer or of a key. */
export function Decide({
  approval,
  may,
  onDecided,
  onRefused,
  hasNext,
  hasKeys = true,
}: {
  approval: Approval;
  may: May;
  onDecided?: OnDecided | undefined;
  /** It could not be decided and waits no more, so that this may be gone before it has said why. */
  onRefused?: ((approval: Approval, why: string) => void) | undefined;
  hasNext: boolean;
  /** Of several on a page one has the keys. */
  hasKeys?: boolean;
}) {
  const [choice, setChoice] = useState<Choice | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  const isHere = useIsHere();
  const claim = useClaim(approval, isHere);
  const toast = useToast();
  const { decision, decide } = useDecision(approval, claim, (after, made) => {
    const waits = after?.status === "pending";
    if (waits) {
      setChoice(null);
      claim.giveBack();
    }
    if (made === "edit") {
      return; // what comes of it shows here
    }
    const told = waits
      ? `Your approval counts: ${after.votes} of ${after.votesNeeded}`
      : `${words(approval.actionType)} ${DONE[made]}`;
    if (onDecided === undefined) {
      toast({ title: told });
    } else {
      onDecided(approval, told);
    }
  }, (why) => onRefused?.(approval, why), (why) => {
    if (!isHere.current) {
      toast({ title: `${words(approval.actionType)} was not decided`, detail: why, tone: "bad" });
    }
  });

  const { take } = claim;
  const begin = useCallback(
    (wanted: Choice) => {
      decision.reset();
      setChoice(wanted);
      take();
    },
    [decision, take],
  );
  const cancel = () => {
    setChoice(null);
    decision.reset();
    claim.giveBack();
    requestAnimationFrame(() => bar.current?.querySelector("button")?.focus());
  };
  const latest = useRef(begin);
  useEffect(() => {
    latest.current = begin;
  });
  const offered = useMemo(
    () =>
      CHOICES.filter(
        (each) => may.decide && (each.choice !== "approve" || may.approve) && (each.choice !== "edit" || may.edit),
      ),
    [may.decide, may.approve, may.edit],
  );
  useCommands(
    useMemo(
      () =>
        (hasKeys ? offered : []).map(
          (each): Command => ({
            id: `approvals.${each.choice}`,
            title: each.name,
            group: "Approvals",
            keys: each.keys,
            icon: each.icon,
            run: () => latest.current(each.choice),
          }),
        ),
      [offered, hasKeys],
    ),
  );
  const busy = decision.isPending || (decision.isSuccess && decision.data?.status !== "pending");
  const problem = decision.error;

  return (
    <div ref={bar} className="sticky bottom-0 flex flex-col gap-2 rounded-b-lg border-t border-line bg-surface px-4 py-3">
      {may.because !== null && <p className="text-muted">{may.because}</p>}
      {choice === null ? (
        offered.length > 0 && (
          <div className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap sm:items-center">
            {offered.map(({ choice: each, name, keys, icon, look }) => (
              <Button key={each} look={look} icon={icon} {...(hasKeys ? { "aria-keyshortcuts": keys } : {})} onClick={() => begin(each)}>
                {name}
                {hasKeys && (
                  <span aria-hidden="true" className="hidden lg:inline">
                    <KeyHint keys={keys} />
                  </span>
                )}
              </Button>
            ))}
            {hasNext && (
              <span className="ml-auto hidden items-center gap-1.5 text-xs text-muted lg:flex">
                <KeyHint keys="j" /> <KeyHint keys="k" /> next, before
              </span>
            )}
          </div>
        )
      ) : choice === "edit" ? (
        <EditForm approval={approval} busy={busy} problem={problem} onSend={decide} onCancel={cancel} />
      ) : (
        <ReasonForm
          key={choice}
          choice={choice}
          actionType={approval.actionType}
          busy={busy}
          onDecide={(reason) => decide(reason === "" ? { decision: choice } : { decision: choice, reason })}
          onCancel={cancel}
        />
      )}
      {problem !== null && <Problem>{messageOf(problem)}</Problem>}
    </div>
  );
}

const FORMS = {
  approve: { label: "Reason (optional)", confirm: "Confirm approval", look: "primary" },
  reject: { label: "Reason", confirm: "Confirm rejection", look: "danger" },
  respond: { label: "Answer", confirm: "Send the answer", look: "primary" },
} as const;

function ReasonForm({
  choice,
  actionType,
  busy,
  onDecide,
  onCancel,
}: {
  choice: Exclude<Choice, "edit">;
  actionType: string;
  busy: boolean;
  onDecide: (reason: string) => void;
  onCancel: () => void;
}) {
  const { label, confirm, look } = FORMS[choice];
  const isOptional = choice === "approve";
  return (
    <form
      aria-label={`${words(choice)}: ${words(actionType)}`}
      className="flex flex-col gap-2"
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          onCancel();
        } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.currentTarget.requestSubmit();
        }
      }}
      onSubmit={(event) => {
        event.preventDefault();
        const reason = String(new FormData(event.currentTarget).get("reason") ?? "").trim();
        // Spaces alone satisfy the browser's check but tell nobody anything.
        if (!busy && (isOptional || reason !== "")) {
          onDecide(reason);
        }
      }}
    >
      <TextArea
        label={label}
        name="reason"
        rows={2}
        required={!isOptional}
        maxLength={2_000}
        autoFocus={!isOptional}
        {...(choice === "reject"
          ? { hint: "Told to whoever asked; an AI employee writes its reply by it." }
          : choice === "respond"
            ? { hint: "Nothing is executed; the agent goes on with your answer." }
            : {})}
      />
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" look={look} disabled={busy} autoFocus={isOptional}>
          {busy ? "Sending…" : confirm}
        </Button>
        <Button onClick={onCancel} disabled={busy}>
          Cancel
        </Button>
        <span className="ml-auto hidden items-center gap-1.5 text-xs text-muted lg:flex">
          <KeyHint keys={isOptional ? "Enter" : "Ctrl+Enter"} /> {isOptional ? "confirms" : "sends"}, <KeyHint keys="Esc" /> goes back
        </span>
      </div>
    </form>
  );
}

interface ClaimOfMine {
  readonly take: () => void;
  readonly giveBack: () => void;
  /**
   * While a decision is under way, leaving the page does not give the claim back, which would overtake the decision.
   * Returns, when the claim was answered, what to call if it was not decided.
   */
  readonly lend: () => Promise<() => void>;
}

/** Tells the others that somebody is at it, from the choice on until it is made or left. */
function useClaim({ id, claimedBy }: Approval, isHere: RefObject<boolean>): ClaimOfMine {
  const api = useApi();
  const me = actorOf(usePerson());
  const asked = useRef<Promise<unknown> | null>(null);
  const address = `/api/v1/approvals/${encodeURIComponent(id)}`;
  const take = useCallback(() => {
    if (asked.current === null && (claimedBy === null || claimedBy === me)) {
      // Somebody else may have been faster; a claim bars nobody from deciding.
      asked.current = api.post(`${address}/claim`, {}).catch(() => undefined);
    }
  }, [api, address, claimedBy, me]);
  const giveBack = useCallback(() => {
    const before = asked.current;
    asked.current = null;
    void before?.then(() => api.post(`${address}/release`)).catch(() => undefined);
  }, [api, address]);
  const lend = useCallback(async () => {
    const lent = asked.current;
    asked.current = null;
    await lent;
    return () => {
      asked.current ??= lent;
      if (!isHere.current) {
        giveBack();
      }
    };
  }, [giveBack, isHere]);
  const leave = useRef(giveBack);
  useEffect(() => {
    leave.current = giveBack;
  });
  useEffect(() => () => leave.current(), []);
  return useMemo(() => ({ take, giveBack, lend }), [take, giveBack, lend]);
}

const DONE: Readonly<Record<Choice, string>> = {
  approve: "approved",
  edit: "edited",
  reject: "rejected",
  respond: "answered",
};

function useDecision(
  approval: Approval,
  claim: ClaimOfMine,
  onDone: (after: Approval | null, made: Choice) => void,
  onRefused: (why: string) => void,
  onFailed: (why: string) => void,
) {
  const { id, ticketId } = approval;
  const api = useApi();
  const queries = useQueryClient();
  const decision = useMutation({
    mutationFn: async (verdict: Verdict) => {
      const notDecided = await claim.lend();
      try {
        const after = await decideAs(api, approval, verdict);
        if (after?.status === "pending") {
          notDecided();
        }
        return after;
      } catch (failure) {
        notDecided();
        throw failure;
      }
    },
    onError: (failure) => {
      if (failure instanceof Overtaken && failure.now !== null) {
        queries.setQueryData(["approvals", "one", id], failure.now);
      }
      if (failure instanceof Overtaken ? failure.now?.status !== "pending" : failure instanceof ProblemError && failure.status === 409) {
        onRefused(messageOf(failure));
      }
      onFailed(messageOf(failure));
    },
    onSuccess: (after, { decision: made }) => {
      if (after?.status !== "pending") {
        queries.setQueryData<PendingApprovals>(PENDING_APPROVALS, (before) =>
          before === undefined ? before : { ...before, approvals: before.approvals.filter((each) => each.id !== id) },
        );
      }
      if (after !== null) {
        queries.setQueryData(["approvals", "one", id], after);
      }
      onDone(after, made);
    },
    // Also after a failure: somebody else may have decided.
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["approvals"] }),
        ...(ticketId === null ? [] : [queries.invalidateQueries({ queryKey: ["ticket", ticketId] })]),
      ]),
  });
  const { mutate } = decision;
  return { decision, decide: useCallback((verdict: Verdict) => mutate(verdict), [mutate]) };
}

/** What is wrong with each argument, by the argument's name. */
export function problemsOf(error: unknown): ReadonlyMap<string, string> {
  return error instanceof ProblemError
    ? new Map([...error.fields].map(([name, reason]) => [name.replace(/^arguments\./, ""), reason]))
    : new Map();
}
