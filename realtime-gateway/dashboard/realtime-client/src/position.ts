/** A place in the feed of one client: the offset counts within an epoch and starts anew with another epoch. */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

/**
 * What to do with a received event.
 * - `fresh`: deliver it, the position has advanced
 * - `duplicate`: drop it, it was delivered before
 * - `lost`: something between the position and this event is missing, so recover from the position
 * - `restarted`: offsets have started anew, so nothing can be recovered by position
 */
export type Verdict = "fresh" | "duplicate" | "lost" | "restarted";

/**
 * Judges an event of one channel against the last known position of that channel. `prev` says that no message of the
 * channel lies between it and the event; where it is absent (state channels, first message after a gateway's start)
 * loss cannot be told.
 */
export function judge(last: Position | null, at: Position, prev: number | null): Verdict {
  if (last === null) {
    return "fresh";
  }
  if (last.epoch !== at.epoch) {
    return "restarted";
  }
  if (at.offset <= last.offset) {
    return "duplicate";
  }
  return prev !== null && prev > last.offset ? "lost" : "fresh";
}

/** The later of the two within an epoch. A position of another epoch does not move this one. */
export function advance(last: Position, to: Position): Position {
  return last.epoch === to.epoch && to.offset > last.offset ? to : last;
}

/** Reads the `Feed-Position` header, `epoch:offset`; -1 stands before the first event. Null if absent or malformed. */
export function parsePosition(text: string | null | undefined): Position | null {
  const match = /^([^:\s]{1,128}):(-1|\d{1,16})$/.exec(text?.trim() ?? "");
  const offset = Number(match?.[2]);
  return match?.[1] !== undefined && Number.isSafeInteger(offset) ? { epoch: match[1], offset } : null;
}
