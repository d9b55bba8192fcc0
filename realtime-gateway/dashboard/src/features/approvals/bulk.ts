import type { Api } from "../../lib/api";
import { text } from "../../lib/json";
import { messageOf } from "../../lib/problem";
import type { Person } from "../../lib/session";
import type { Approval } from "../../parts/approval/approvals";
import { decideAs } from "../../parts/approval/decision";
import { mayDo } from "../../parts/approval/verdict";

export type BulkChoice = "approve" | "reject";

/** More than this nobody has looked at. */
export const MOST_CHOSEN = 50;

/** At the same time; enough to be quick, few enough not to be in anybody's way. */
const AT_ONCE = 3;

/**
 * Why one is not decided together with others, or null if it can be. To reject is always safe; approved together is only
 * what one person may approve as it was asked for. The service checks all of it again.
 */
export function barredFrom(choice: BulkChoice, approval: Approval, person: Person): string | null {
  const may = mayDo(approval, person);
  if (choice === "reject") {
    return may.decide ? null : may.because;
  }
  if (!may.approve) {
    return may.because;
  }
  if (approval.votesNeeded > 1) {
    return "It needs more than one person: each of them looks at it by itself.";
  }
  if (approval.breakGlass !== null) {
    return "It breaks glass: look at it by itself.";
  }
  if (text(approval.raw["ticket_changed_at"]) !== null) {
    return "The customer has written since: look at it by itself.";
  }
  const version = approval.raw["version"];
  return typeof version === "number" && version > 1 ? "It was edited: look at what it became." : null;
}

export interface BulkOutcome {
  readonly approval: Approval;
  /** Null if it was decided. */
  readonly failure: string | null;
}

/**
 * Decides each of them by itself, a few at a time, and tells each outcome as it comes. What has been begun is ended after
 * `stop`, the rest is left alone.
 */
export async function decideAll(
  api: Api,
  verdict: { readonly decision: BulkChoice; readonly reason: string },
  approvals: readonly Approval[],
  stop: AbortSignal,
  onOutcome: (outcome: BulkOutcome) => void,
): Promise<void> {
  const waiting = [...approvals];
  const work = async () => {
    for (let approval = waiting.shift(); approval !== undefined && !stop.aborted; approval = waiting.shift()) {
      try {
        await decideAs(api, approval, verdict);
        onOutcome({ approval, failure: null });
      } catch (reason) {
        onOutcome({ approval, failure: messageOf(reason) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
