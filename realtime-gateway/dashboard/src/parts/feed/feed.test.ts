import { describe, expect, it } from "vitest";
import type { FeedEvent } from "realtime-client";
import { EMPTY_FEED, feed, KEPT_EPOCHS, KEPT_ROWS, type FeedAction, type FeedState } from "./feed";

const NOW = 1_795_000_000_000;

function event(offset: number, overrides: Partial<FeedEvent> & { epoch?: string } = {}): FeedEvent {
  const { epoch = "k3f", ...rest } = overrides;
  return {
    kind: "event",
    type: "ticket_received",
    channel: "tickets",
    position: { epoch, offset },
    prev: offset - 1,
    time: new Date(NOW + offset).toISOString(),
    key: `t-${offset}`,
    snapshot: false,
    data: {},
    ...rest,
  };
}

const events = (...list: FeedEvent[]): FeedAction => ({ type: "events", events: list, at: NOW });
const states = (items: Record<string, unknown>[], offset: number | null = null): FeedAction => ({
  type: "states",
  channel: "tickets",
  items,
  position: offset === null ? null : { epoch: "k3f", offset },
  at: NOW,
});
const after = (...actions: FeedAction[]): FeedState => actions.reduce(feed, EMPTY_FEED);
const offsets = ({ rows }: FeedState) => rows.map((row) => row.rank.offset);
const kinds = ({ rows }: FeedState) => rows.map((row) => row.kind);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => event(from + i));

describe("the list of events", () => {
  it("shows the newest first, over batches and within them", () => {
    expect(offsets(after(events(event(1), event(2)), events(event(3))))).toEqual([3, 2, 1]);
  });

  it("puts a replayed event of a slower channel where it belongs", () => {
    const state = after(events(event(5), event(9)), events(event(7, { channel: "approvals" })));
    expect(offsets(state)).toEqual([9, 7, 5]);
  });

  it("keeps the newest 500, also when one batch brings more", () => {
    const state = after(events(...range(0, 400)), events(...range(400, 1_300)));
    expect(state.rows).toHaveLength(KEPT_ROWS);
    expect(offsets(state)[0]).toBe(1_299);
    expect(offsets(state).at(-1)).toBe(800);
  });

  it("does not let an old event push out a newer one", () => {
    const full = after(events(...range(1_000, 1_500)));
    expect(offsets(feed(full, events(event(3))))).toEqual(offsets(full));
  });

  it("shows an event once, whether it repeats within a batch or later", () => {
    expect(offsets(after(events(event(1), event(1)), events(event(1), event(2))))).toEqual([2, 1]);
  });

  it("remembers the newest epochs only, and keeps the order over all of them", () => {
    let state: FeedState = EMPTY_FEED;
    for (let i = 0; i < 100; i++) {
      state = feed(state, events(event(1, { epoch: `e-${i}`, key: `t-${i}` })));
    }
    expect(state.epochs).toHaveLength(KEPT_EPOCHS);
    expect(state.rows.map(({ entity }) => entity?.id)).toEqual(Array.from({ length: 100 }, (_, i) => `t-${99 - i}`));
  });

  it("shows events of the same offset on different channels or epochs as different", () => {
    const state = after(events(event(1), event(1, { channel: "actions" }), event(1, { epoch: "new" })));
    expect(state.rows).toHaveLength(3);
  });

  it("puts a new epoch above the old one, whatever its offsets", () => {
    const state = after(events(event(900)), events(event(1, { epoch: "new" }), event(2, { epoch: "new" })));
    expect(offsets(state)).toEqual([2, 1, 900]);
  });

  it("leaves out what is ephemeral", () => {
    expect(after(events(event(1, { position: null }))).rows).toEqual([]);
  });

  it("takes events with nothing in them", () => {
    const [row] = after(events(event(1, { time: "yesterday", key: null, data: {} }))).rows;
    expect(row).toMatchObject({ at: NOW, entity: null, status: null, facts: [] });
  });

  it("takes members of any type for missing", () => {
    const data = { ticket_id: 7, status: {}, amount: [], confidence: "N/A", category: null, extra: { deep: true } };
    const [row] = after(events(event(1, { data }))).rows;
    expect(row).toMatchObject({ entity: { kind: "ticket", id: "t-1" }, status: null, facts: [] });
  });
});

describe("an arrival", () => {
  const flashing = ({ rows }: FeedState) => rows.filter((row) => row.flashes).length;

  it("flashes while few arrive, and not while many do", () => {
    expect(flashing(after(events(...range(0, 20))))).toBe(20);
    expect(flashing(after(events(...range(0, 21))))).toBe(0);
    expect(flashing(after(events(...range(0, 15)), events(...range(15, 25))))).toBe(15);
  });

  it("flashes again a second later", () => {
    const later: FeedAction = { type: "events", events: [event(100)], at: NOW + 1_000 };
    expect(after(events(...range(0, 50)), later).rows[0]?.flashes).toBe(true);
  });
});

describe("a gap", () => {
  it("stands above what came before it and below what comes after", () => {
    const gap: FeedAction = { type: "gap", channel: "tickets", reason: "retention", at: NOW + 5_000 };
    const state = after(events(event(1)), gap, events(event(90)));
    expect(kinds(state)).toEqual(["event", "gap", "event"]);
    expect(state.rows[1]?.facts[0]?.value).toContain("retention");
  });

  it("can be the first there is", () => {
    const gap: FeedAction = { type: "gap", channel: "tickets", reason: "lost", at: NOW };
    expect(kinds(after(gap, events(event(1))))).toEqual(["event", "gap"]);
  });
});

describe("states read from the API", () => {
  const ticket = (id: string, status: string) => ({
    ticket_id: id,
    status,
    subject: "s",
    updated_at: new Date(NOW).toISOString(),
  });

  it("fill the list before the first event, and lie below what comes later", () => {
    const state = after(states([ticket("a", "resolved"), ticket("b", "received")], 50), events(event(51)));
    expect(kinds(state)).toEqual(["event", "state", "state"]);
  });

  it("add a row only where a status is news", () => {
    const first = after(states([ticket("a", "received"), ticket("b", "received")]));
    const again = feed(first, states([ticket("a", "resolved"), ticket("b", "received")]));
    expect(first.rows).toHaveLength(2);
    expect(again.rows.filter((row) => row.entity?.id === "a").map((row) => row.status).sort()).toEqual([
      "received",
      "resolved",
    ]);
    expect(again.rows).toHaveLength(3);
  });

  it("add nothing that an event has told", () => {
    const told = after(events(event(5, { key: "a", data: { ticket_id: "a", status: "resolved" } })));
    expect(feed(told, states([ticket("a", "resolved")], 9)).rows).toHaveLength(1);
  });

  it("give way to the event that tells the same", () => {
    const polled = after(states([ticket("a", "resolved")], 4));
    const told = feed(polled, events(event(5, { key: "a", data: { ticket_id: "a", status: "resolved" } })));
    expect(kinds(told)).toEqual(["event"]);
  });

  it("without an id are left out", () => {
    expect(after(states([{ status: "resolved" }, {}])).rows).toEqual([]);
  });
});

describe("a paused view", () => {
  it("stands still while the list goes on, and counts what it misses", () => {
    const paused = after(events(event(1)), { type: "pause" }, events(event(2), event(3)), events(event(3)));
    expect(paused.held?.map((row) => row.rank.offset)).toEqual([1]);
    expect(paused.unseen).toBe(2);
    expect(offsets(paused)).toEqual([3, 2, 1]);
    expect(feed(paused, { type: "resume" })).toMatchObject({ held: null, unseen: 0 });
  });

  it("is not paused anew by a second pause", () => {
    const state = after(events(event(1)), { type: "pause" }, events(event(2)), { type: "pause" });
    expect(state.held).toHaveLength(1);
    expect(state.unseen).toBe(1);
  });
});

it("a reset leaves nothing", () => {
  expect(after(events(event(1)), { type: "pause" }, { type: "reset" })).toEqual(EMPTY_FEED);
});
