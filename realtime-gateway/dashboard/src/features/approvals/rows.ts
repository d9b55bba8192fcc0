import type { Approval } from "../../parts/approval/approvals";

/** A place in the queue. */
export interface QueueRow {
  readonly approval: Approval;
  /** It came while somebody looked. */
  readonly isNew: boolean;
  /** It waits no more, but its place is kept. */
  readonly isGone: boolean;
}

/** Settled requests that keep their place under a pointer that never leaves; those that stand first go then. */
export const MOST_GONE = 200;

/**
 * The queue as it is to be shown. While somebody points into it nothing moves: what is settled keeps its place, and what
 * is new joins at the end. `keep` is the one that is open: it never goes from under who reads it.
 */
export function arrange(
  before: readonly QueueRow[] | null,
  pending: readonly Approval[],
  isHeld: boolean,
  keep: string | null,
): QueueRow[] {
  const known = new Map((before ?? []).map((row) => [row.approval.id, row]));
  const now = new Map(pending.map((approval) => [approval.id, approval]));
  const rowOf = (approval: Approval): QueueRow => ({
    approval,
    isNew: before !== null && (known.get(approval.id)?.isNew ?? true),
    isGone: false,
  });
  const kept = (before ?? []).map((row): QueueRow => {
    const approval = now.get(row.approval.id);
    return approval === undefined ? { ...row, isGone: true } : rowOf(approval);
  });
  const arrived = pending.filter(({ id }) => !known.has(id)).map(rowOf);
  if (isHeld) {
    let most = Math.max(0, kept.filter(({ isGone }) => isGone).length - MOST_GONE);
    const rest = kept.filter(({ approval, isGone }) => !isGone || approval.id === keep || most-- <= 0);
    return [...rest, ...arrived];
  }
  const rows = pending.map(rowOf);
  const place = kept.findIndex(({ approval, isGone }) => isGone && approval.id === keep);
  const open = kept[place];
  return open === undefined ? rows : [...rows.slice(0, place), open, ...rows.slice(place)];
}

/** The one to go on with after that one: the next that still waits, else the one before it. */
export function following(rows: readonly QueueRow[], id: string | null): string | null {
  const at = rows.findIndex(({ approval }) => approval.id === id);
  const waits = ({ approval, isGone }: QueueRow) => !isGone && approval.id !== id;
  const next = rows.slice(at + 1).find(waits) ?? rows.slice(0, Math.max(0, at)).findLast(waits);
  return next?.approval.id ?? null;
}
