import { actorName } from "../../lib/actors";
import type { Api } from "../../lib/api";
import { words } from "../../lib/format";
import { text } from "../../lib/json";
import { messageOf, ProblemError } from "../../lib/problem";
import type { Person } from "../../lib/session";
import { approvalOf, type Approval } from "./approvals";
import { mayDo } from "./verdict";

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
        await decide(api, verdict, approval);
        onOutcome({ approval, failure: null });
      } catch (reason) {
        onOutcome({ approval, failure: reasonOf(reason) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

const CHANGED = "It was changed since you chose it: look at it by itself.";

/** Lists carry no version to match: it is read, must still be what was chosen, and must be that when it is decided. */
async function decide(api: Api, verdict: { decision: BulkChoice; reason: string }, chosen: Approval): Promise<void> {
  const address = `/api/v1/approvals/${encodeURIComponent(chosen.id)}`;
  const { body, etag } = await api.get(address);
  const now = approvalOf(body);
  if (now === null || now.status !== "pending") {
    const by = now?.decidedBy ?? null;
    throw new Error(now === null ? CHANGED : `${words(now.status)}${by === null ? "" : ` by ${actorName(by)}`} already.`);
  }
  if (isOther(chosen, now)) {
    throw new Error(CHANGED);
  }
  await api.post(`${address}/decide`, verdict, etag === null ? {} : { ifMatch: etag });
}

function isOther(a: Approval, b: Approval): boolean {
  return (
    a.actionType !== b.actionType ||
    a.summary !== b.summary ||
    a.votesNeeded !== b.votesNeeded ||
    a.breakGlass !== b.breakGlass ||
    a.raw["version"] !== b.raw["version"] ||
    a.raw["ticket_changed_at"] !== b.raw["ticket_changed_at"] ||
    text(a.raw["arguments_hash"]) !== text(b.raw["arguments_hash"])
  );
}

function reasonOf(failure: unknown): string {
  return failure instanceof ProblemError && failure.status === 412 ? CHANGED : messageOf(failure);
}
