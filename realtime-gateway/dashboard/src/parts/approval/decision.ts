import type { DecisionRequest } from "../../api/rest";
import { actorName } from "../../lib/actors";
import type { Api } from "../../lib/api";
import { words } from "../../lib/format";
import { text } from "../../lib/json";
import { ProblemError } from "../../lib/problem";
import { approvalOf, type Approval } from "./approvals";
import type { Choice } from "./verdict";

export type Verdict = DecisionRequest & { readonly decision: Choice };

/** It is not what somebody has decided about, so nothing was decided. */
export class Overtaken extends Error {
  override readonly name = "Overtaken";
  /** As it is now; null if it cannot be read. */
  readonly now: Approval | null;

  constructor(message: string, now: Approval | null) {
    super(message);
    this.now = now;
  }
}

const CHANGED = "It was changed since you saw it, and nothing was decided: look at what it is now.";

/**
 * Decides about a request as somebody has seen it: it is read, must still be that, and must be that when it is decided.
 * Votes and claims until then do not count as changes.
 *
 * @returns as it is after that; null if the answer cannot be read
 * @throws Overtaken if it is another one by now, or waits no more
 */
export async function decideAs(api: Api, seen: Approval, verdict: Verdict): Promise<Approval | null> {
  const address = `/api/v1/approvals/${encodeURIComponent(seen.id)}` as const;
  const { body, etag } = await api.get(address);
  const now = approvalOf(body);
  if (now === null) {
    throw new Overtaken(CHANGED, null);
  }
  if (now.status !== "pending") {
    throw new Overtaken(`${words(now.status)}${now.decidedBy === null ? "" : ` by ${actorName(now.decidedBy)}`} already.`, now);
  }
  if (isOther(seen, now)) {
    throw new Overtaken(CHANGED, now);
  }
  try {
    return approvalOf((await api.post(`${address}/decide`, verdict, etag === null ? {} : { ifMatch: etag })).body);
  } catch (failure) {
    if (failure instanceof ProblemError && failure.status === 412) {
      throw new Overtaken(CHANGED, await read(api, address));
    }
    throw failure;
  }
}

async function read(api: Api, address: string): Promise<Approval | null> {
  try {
    return approvalOf((await api.get(address)).body);
  } catch {
    return null; // that it was changed is known, what into is not
  }
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
