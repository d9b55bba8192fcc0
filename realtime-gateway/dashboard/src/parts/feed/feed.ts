import type { FeedEvent, Position } from "realtime-client";
import { instant } from "../../lib/format";
import { text, type JsonObject } from "../../lib/json";
import { entityOf, factsOf, ticketOf, type Entity, type Fact } from "./describe";

/** Rows kept; the oldest go first. */
export const KEPT_ROWS = 500;
/** Where more than this arrive within a second, rows do not flash: all of them would, which tells nothing. */
export const CALM_ROWS_PER_SECOND = 20;
/** Epochs remembered: rows of the one before may still come late, of those long before no more. */
export const KEPT_EPOCHS = 8;

/**
 * One line of the list.
 * - `event`: came over the stream
 * - `state`: an entity as the API told it, at sign-in, after a gap or while there is no stream
 * - `gap`: events are missing here
 */
export interface Row {
  readonly kind: "event" | "state" | "gap";
  readonly id: string;
  readonly channel: string;
  readonly type: string;
  /** When it happened, in milliseconds since 1970; when it was received, if it does not say. */
  readonly at: number;
  readonly receivedAt: number;
  /** Whether its arrival is worth a flash. */
  readonly flashes: boolean;
  readonly entity: Entity | null;
  /** The ticket that it belongs to. */
  readonly ticketId: string | null;
  readonly status: string | null;
  readonly facts: readonly Fact[];
  /** What was received, as it was received. */
  readonly raw: unknown;
  readonly rank: Rank;
}

/** The place in the order of the feed. Offsets count within an epoch, so each new epoch is a new generation. */
interface Rank {
  readonly generation: number;
  readonly offset: number;
}

export interface FeedState {
  /** Newest first, at most `KEPT_ROWS`. */
  readonly rows: readonly Row[];
  /** The rows as they were when the view was paused; null if it is not. */
  readonly held: readonly Row[] | null;
  /** Rows that came since the view was paused. */
  readonly unseen: number;
  /** The newest last, at most `KEPT_EPOCHS`. */
  readonly epochs: readonly Epoch[];
}

interface Epoch {
  readonly name: string;
  readonly generation: number;
}

export type FeedAction =
  | { readonly type: "events"; readonly events: readonly FeedEvent[]; readonly at: number }
  | {
      readonly type: "states";
      readonly channel: string;
      readonly items: readonly JsonObject[];
      readonly position: Position | null;
      readonly at: number;
    }
  | { readonly type: "gap"; readonly channel: string; readonly reason: string; readonly at: number }
  | { readonly type: "pause" }
  | { readonly type: "resume" }
  | { readonly type: "reset" };

export const EMPTY_FEED: FeedState = { rows: [], held: null, unseen: 0, epochs: [] };

export function feed(state: FeedState, action: FeedAction): FeedState {
  switch (action.type) {
    case "events":
      return addEvents(state, action.events, action.at);
    case "states":
      return addStates(state, action);
    case "gap":
      return add(state, [gapRow(state, action)]);
    case "pause":
      return state.held === null ? { ...state, held: state.rows, unseen: 0 } : state;
    case "resume":
      return { ...state, held: null, unseen: 0 };
    case "reset":
      return EMPTY_FEED;
  }
}

function addEvents(state: FeedState, events: readonly FeedEvent[], at: number): FeedState {
  let epochs = state.epochs;
  const rows: Row[] = [];
  const told = new Set<string>();
  const calm = isCalm(state, events.length, at);
  for (const event of events) {
    if (event.position === null) {
      continue; // ephemeral: nothing to keep
    }
    epochs = withEpoch(epochs, event.position.epoch);
    const row = eventRow(event, event.position, epochs, at, calm);
    rows.push(row);
    if (row.entity !== null && row.status !== null) {
      told.add(stateKey(row));
    }
  }
  // The same change may first have been read from the API, while there was no stream: the event takes its place.
  const kept = state.rows.filter((row) => row.kind !== "state" || !told.has(stateKey(row)));
  return add({ ...state, rows: kept, epochs }, rows);
}

function addStates(
  state: FeedState,
  { channel, items, position, at }: Extract<FeedAction, { type: "states" }>,
): FeedState {
  const epochs = position === null ? state.epochs : withEpoch(state.epochs, position.epoch);
  const rank =
    position === null ? topRank(state) : { generation: generationOf(epochs, position.epoch), offset: position.offset };
  const known = new Map<string, string>();
  for (const row of state.rows) {
    // Newest first: the first status met is the latest.
    if (row.entity !== null && row.status !== null && !known.has(entityKey(row))) {
      known.set(entityKey(row), row.status);
    }
  }
  const rows = items.flatMap((item) => {
    const row = stateRow(channel, item, rank, at);
    return row === null || known.get(entityKey(row)) === row.status ? [] : [row];
  });
  return add({ ...state, epochs }, rows);
}

/** Merges rows into the order of the feed, without those already there. */
function add(state: FeedState, incoming: readonly Row[]): FeedState {
  const ids = new Set(state.rows.map((row) => row.id));
  const fresh = incoming.filter((row) => !ids.has(row.id) && ids.add(row.id)).sort(newestFirst);
  if (fresh.length === 0) {
    return state;
  }
  const oldestFresh = fresh.at(-1);
  const newest = state.rows[0];
  const inOrder = newest === undefined || (oldestFresh !== undefined && newestFirst(oldestFresh, newest) <= 0);
  const merged = [...fresh, ...state.rows];
  const rows = (inOrder ? merged : merged.sort(newestFirst)).slice(0, KEPT_ROWS);
  return { ...state, rows, unseen: state.held === null ? 0 : state.unseen + fresh.length };
}

function newestFirst(a: Row, b: Row): number {
  return b.rank.generation - a.rank.generation || b.rank.offset - a.rank.offset || b.at - a.at;
}

function isCalm({ rows }: FeedState, incoming: number, at: number): boolean {
  // Enough to look at as many rows as would make it busy.
  const recent = rows.slice(0, CALM_ROWS_PER_SECOND).filter((row) => at - row.receivedAt < 1_000);
  return recent.length + incoming <= CALM_ROWS_PER_SECOND;
}

function eventRow(
  event: FeedEvent,
  position: Position,
  epochs: readonly Epoch[],
  receivedAt: number,
  flashes: boolean,
): Row {
  const { channel, type, time, key, data, prev } = event;
  return {
    kind: "event",
    id: `${channel} ${position.epoch}:${position.offset}`,
    channel,
    type,
    at: instant(time) ?? receivedAt,
    receivedAt,
    flashes,
    entity: entityOf(channel, key, data),
    ticketId: ticketOf(channel, key, data),
    status: text(data["status"]),
    facts: factsOf(data),
    raw: { type, channel, epoch: position.epoch, offset: position.offset, prev, time, key, data },
    rank: { generation: generationOf(epochs, position.epoch), offset: position.offset },
  };
}

function stateRow(channel: string, item: JsonObject, rank: Rank, receivedAt: number): Row | null {
  const entity = entityOf(channel, null, item);
  if (entity === null) {
    return null;
  }
  const time = text(item["updated_at"]) ?? text(item["created_at"]);
  const status = text(item["status"]);
  return {
    kind: "state",
    id: `${channel} ${entity.id} ${status ?? ""} ${time ?? ""}`,
    channel,
    type: `${entity.kind}_as_read`,
    at: instant(time) ?? receivedAt,
    receivedAt,
    flashes: false,
    entity,
    ticketId: ticketOf(channel, null, item),
    status,
    facts: factsOf(item),
    raw: item,
    rank,
  };
}

function gapRow(state: FeedState, { channel, reason, at }: Extract<FeedAction, { type: "gap" }>): Row {
  return {
    kind: "gap",
    id: `${channel} gap ${at}`,
    channel,
    type: "events_missing",
    at,
    receivedAt: at,
    flashes: false,
    entity: null,
    ticketId: null,
    status: null,
    facts: [{ label: "reason", value: `Events before this could not be recovered (${reason}). States were read again.` }],
    raw: { channel, reason },
    rank: topRank(state),
  };
}

function topRank(state: FeedState): Rank {
  return state.rows[0]?.rank ?? { generation: state.epochs.at(-1)?.generation ?? 0, offset: -1 };
}

function withEpoch(epochs: readonly Epoch[], name: string): readonly Epoch[] {
  return epochs.some((epoch) => epoch.name === name)
    ? epochs
    : [...epochs, { name, generation: (epochs.at(-1)?.generation ?? -1) + 1 }].slice(-KEPT_EPOCHS);
}

function generationOf(epochs: readonly Epoch[], name: string): number {
  return epochs.find((epoch) => epoch.name === name)?.generation ?? 0;
}

function entityKey({ entity }: Row): string {
  return `${entity?.kind} ${entity?.id}`;
}

function stateKey(row: Row): string {
  return `${entityKey(row)} ${row.status}`;
}
