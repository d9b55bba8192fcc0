import { expect, it } from "vitest";
import { Audience, MOST_HELD } from "./audience.js";
import type { FeedEvent } from "./protocol.js";
import type { Snapshot } from "./snapshots.js";

const event = (offset: number): FeedEvent => ({
  kind: "event",
  type: "ticket_received",
  channel: "tickets",
  position: { epoch: "e", offset },
  prev: offset - 1,
  time: null,
  key: null,
  snapshot: false,
  data: {},
});
const at = (offset: number): Snapshot => ({ body: null, position: { epoch: "e", offset } });

it("what waits for a late listener's snapshot is bounded, and a newer snapshot is asked for where it was too much", () => {
  const audience = new Audience();
  const told: string[] = [];
  const member = audience.add(
    {
      onSnapshot: ({ position }) => told.push(`snapshot ${position?.offset}`),
      onEvent: ({ position }) => told.push(`event ${position?.offset}`),
    },
    true,
  );
  for (let offset = 1; offset <= 10 * MOST_HELD; offset++) {
    audience.event(event(offset));
  }
  expect(member.held).toHaveLength(MOST_HELD);
  expect(audience.welcome(member, at(5))).toBe(false);
  expect(told).toEqual([]);
  audience.event(event(10_001));
  audience.event(event(10_002));
  expect(audience.welcome(member, at(10_001))).toBe(true);
  expect(told).toEqual(["snapshot 10001", "event 10002"]);
});
