import { Eye } from "lucide-react";
import { actorName, actorOf } from "../../lib/actors";
import { useClock } from "../../lib/clock";
import { cx } from "../../lib/cx";
import { age, dateTime, words } from "../../lib/format";
import { usePerson } from "../../lib/session";
import { BreakGlassBadge, RiskBadge } from "../../parts/action/Risk";
import { Checkbox } from "../../ui/Field";
import { Expiry } from "../../parts/approval/Expiry";
import type { QueueRow } from "./rows";
import { Votes } from "../../parts/approval/Votes";

/** What became of a request that waits no more. */
export interface Outcome {
  readonly status: string;
  readonly by: string | null;
}

const AGE_STEP_MS = 5_000;

/** One request in the queue: enough to choose by, in three lines. */
export function QueueItem({
  row: { approval, isNew, isGone },
  outcome,
  isOpen,
  isStop,
  isChosen,
  onChoose,
  onOpen,
  onEnter,
  onStep,
}: {
  row: QueueRow;
  outcome: Outcome | undefined;
  isOpen: boolean;
  /** Tab stops here; from here on the arrows lead. */
  isStop: boolean;
  /** Among those that are decided together. */
  isChosen: boolean;
  /** Left out for who may not decide. */
  onChoose: ((isChosen: boolean) => void) | undefined;
  onOpen: () => void;
  /** Enter: on to what is to be decided. */
  onEnter: () => void;
  onStep: (by: 1 | -1) => void;
}) {
  const now = useClock(AGE_STEP_MS);
  const me = actorOf(usePerson());
  const { id, actionType, summary, target, risk, breakGlass, requester, votes, votesNeeded, claimedBy, requestedAt } = approval;
  const title = words(actionType);
  return (
    <li
      aria-label={title}
      className={cx("flex items-start border-l-2", isOpen ? "border-accent bg-accent-soft" : "border-transparent hover:bg-raised")}
    >
      {onChoose !== undefined && (
        <span className="pt-3.5 pl-3">
          <Checkbox label={`Choose ${title}: ${summary ?? target ?? ""}`} labelHidden checked={isChosen} disabled={isGone && !isChosen} onChange={onChoose} />
        </span>
      )}
      <button
        type="button"
        data-approval={id}
        aria-current={isOpen}
        tabIndex={isStop ? 0 : -1}
        onClick={onOpen}
        onKeyDown={(event) => {
          const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
          if (by !== 0) {
            onStep(by);
          } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
            onEnter();
          } else {
            return;
          }
          event.preventDefault();
        }}
        className={cx(
          "flex w-full min-w-0 flex-col gap-1 px-3 py-2.5 text-left -outline-offset-2",
          isNew && !isGone && "animate-arrive",
          isGone && "text-muted",
        )}
      >
        <span className="flex w-full items-center gap-2">
          <span className={cx("min-w-0 truncate font-semibold", isGone && "line-through")}>{title}</span>
          {breakGlass !== null ? <BreakGlassBadge /> : risk === "high" && <RiskBadge risk={risk} />}
          <span
            className="ml-auto shrink-0 text-xs text-muted tabular-nums"
            title={requestedAt === null ? undefined : `Asked for ${dateTime(requestedAt)}`}
          >
            {requestedAt !== null && age(Math.max(0, now - requestedAt))}
          </span>
        </span>
        {(summary ?? target) !== null && <span className="line-clamp-2 wrap-anywhere">{summary ?? target}</span>}
        <span className="flex w-full flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
          {isGone ? (
            <span>{outcome === undefined ? "Waits no more" : told(outcome)}</span>
          ) : (
            <>
              <Expiry at={approval.expiresAt} />
              {votesNeeded > 1 && <Votes given={votes} needed={votesNeeded} />}
              <span className="min-w-0 truncate">{target !== null && summary !== null ? target : `by ${actorName(requester)}`}</span>
              {claimedBy !== null && (
                <span className="flex min-w-0 items-center gap-1 text-info">
                  <Eye aria-hidden="true" className="size-3.5 shrink-0" />
                  <span className="truncate">{claimedBy === me ? "You are at it" : `${actorName(claimedBy)} is at it`}</span>
                </span>
              )}
            </>
          )}
        </span>
      </button>
    </li>
  );
}

function told({ status, by }: Outcome): string {
  return by === null ? words(status) : `${words(status)} by ${actorName(by)}`;
}
