import { expect, it } from "vitest";
import { Outbox } from "./outbox.js";
import { ManualClock } from "./testing/manualClock.js";

it("a connection that lives by its heartbeats for days remembers those of the last minute only", () => {
  const clock = new ManualClock();
  const sent: string[] = [];
  const outbox = new Outbox(clock, (frame) => sent.push(frame));
  for (let i = 0; i < 10_000; i++) {
    clock.move(25_000);
    outbox.sendNow("heartbeat");
  }
  expect(sent).toHaveLength(10_000);
  expect(outbox.remembered).toBeLessThanOrEqual(3);
});
