import { queryOptions } from "@tanstack/react-query";
import type { Position } from "realtime-client";
import type { Answer, Api } from "../../lib/api";
import { instant } from "../../lib/format";
import { isObject, itemsOf, text, type JsonObject } from "../../lib/json";

/** A proposed action, and what people say to it. */
export interface Approval {
  readonly id: string;
  readonly actionId: string | null;
  readonly ticketId: string | null;
  readonly actionType: string;
  readonly status: string;
  /** What executing it would do, in one sentence that OpsRelay computed. */
  readonly summary: string | null;
  readonly target: string | null;
  readonly risk: string | null;
  readonly breakGlass: string | null;
  readonly requester: string;
  readonly votes: number;
  readonly votesNeeded: number;
  readonly claimedBy: string | null;
  readonly requestedAt: number | null;
  readonly expiresAt: number | null;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  /** All that the API said; read by what shows it whole. */
  readonly raw: JsonObject;
}

export interface PendingApprovals {
  /** All that wait, what expires first before all others. */
  readonly approvals: readonly Approval[];
  /** In how many pages they were read. */
  readonly pages: number;
  /** They are at least as new as this. */
  readonly position: Position | null;
}

export const PENDING_APPROVALS = ["approvals", "pending"] as const;

/** The most that one page of the API holds. */
const PAGE = 200;
/** The least time between two readings, in milliseconds, for each page of them: a long queue is not read without a pause. */
const PAUSE_MS = 250;

/** The API's pages come newest first, so that what expires first may stand on the last: all of them are read. */
export function pendingApprovals(api: Api) {
  return queryOptions({
    queryKey: PENDING_APPROVALS,
    queryFn: async ({ signal }): Promise<PendingApprovals> => {
      const approvals: Approval[] = [];
      // What comes meanwhile is told after the position of the first.
      let first: Position | null = null;
      let pages = 0;
      let cursor: string | null = null;
      do {
        const address = `/api/v1/approvals?status=pending&limit=${PAGE}`;
        const { body, position }: Answer = await api.get(
          cursor === null ? address : `${address}&cursor=${encodeURIComponent(cursor)}`,
          signal,
        );
        approvals.push(...itemsOf(body).flatMap((item) => approvalOf(item) ?? []));
        first = pages === 0 ? position : first;
        pages++;
        cursor = isObject(body) ? text(body["next_cursor"]) : null;
      } while (cursor !== null);
      return { approvals: approvals.sort(urgentFirst), pages, position: first };
    },
  });
}

/** How long after one reading of the queue the next may begin, in milliseconds. */
export function pauseOf(pending: PendingApprovals | undefined): number {
  return PAUSE_MS * (pending?.pages ?? 1) ** 2;
}

/** Null where there is no id: nothing could be decided about it. */
export function approvalOf(item: unknown): Approval | null {
  const id = isObject(item) ? text(item["approval_id"]) : null;
  if (!isObject(item) || id === null) {
    return null;
  }
  const facts = isObject(item["facts"]) ? item["facts"] : {};
  const { effect, votes } = item;
  return {
    id,
    actionId: text(item["action_id"]),
    ticketId: text(item["ticket_id"]),
    actionType: text(item["action_type"]) ?? "action",
    status: text(item["status"]) ?? "pending",
    summary: isObject(effect) ? text(effect["summary"]) : text(effect),
    target: text(facts["target"]),
    risk: text(facts["risk"]),
    breakGlass: text(facts["break_glass"]),
    requester: text(item["requester"]) ?? "",
    votes: Array.isArray(votes) ? votes.length : 0,
    votesNeeded: typeof item["votes_needed"] === "number" ? item["votes_needed"] : 1,
    claimedBy: text(item["claimed_by"]),
    requestedAt: instant(text(item["requested_at"]) ?? text(item["created_at"])),
    expiresAt: instant(text(item["expires_at"])),
    decidedBy: text(item["decided_by"]),
    decidedAt: instant(text(item["decided_at"])),
    raw: item,
  };
}

/** What expires first; of those that expire together, what has waited longest. */
export function urgentFirst(a: Approval, b: Approval): number {
  return (
    compare(a.expiresAt, b.expiresAt) || compare(a.requestedAt, b.requestedAt) || a.id.localeCompare(b.id)
  );
}

function compare(a: number | null, b: number | null): number {
  return a === b ? 0 : (a ?? Infinity) < (b ?? Infinity) ? -1 : 1;
}
