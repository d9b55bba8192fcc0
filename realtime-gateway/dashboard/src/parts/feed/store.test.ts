// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";
import type { FeedEvent } from "realtime-client";
import { KEPT_ROWS } from "./feed";
import { FeedStore, soonInBrowser } from "./store";

const event = (offset: number): FeedEvent => ({
  kind: "event",
  type: "ticket_received",
  channel: "tickets",
  position: { epoch: "k3f", offset },
  prev: null,
  time: null,
  key: "t",
  snapshot: false,
  data: {},
});

function scheduled() {
  const tasks: (() => void)[] = [];
  const store = new FeedStore((task) => tasks.push(task));
  const listener = vi.fn();
  store.subscribe(listener);
  return { store, tasks, listener };
}

describe("the feed store", () => {
  it("changes once per frame, however much arrives in it", () => {
    const { store, tasks, listener } = scheduled();
    for (let offset = 0; offset < 100; offset++) {
      store.push(event(offset));
    }
    expect(tasks).toHaveLength(1);
    expect(listener).not.toHaveBeenCalled();
    tasks[0]?.();
    expect(listener).toHaveBeenCalledOnce();
    expect(store.state().rows).toHaveLength(100);
  });

  it("does not let events pile up while no frame comes", () => {
    const { store, listener } = scheduled();
    for (let offset = 0; offset < 3 * KEPT_ROWS; offset++) {
      store.push(event(offset));
    }
    expect(listener).toHaveBeenCalledTimes(3);
    expect(store.state().rows).toHaveLength(KEPT_ROWS);
  });

  it("keeps the order between waiting events and what a person does", () => {
    const { store } = scheduled();
    store.push(event(1));
    store.dispatch({ type: "pause" });
    expect(store.state().held).toHaveLength(1);
  });
});

describe("what comes soon in a browser", () => {
  it("comes with the next frame after a quiet moment, and a few times a second while there is no end of it", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "requestAnimationFrame", "performance"] });
    try {
      const soon = soonInBrowser();
      const ran: number[] = [];
      const again = () => {
        ran.push(performance.now());
        soon(again);
      };
      const began = performance.now();
      soon(again);
      vi.advanceTimersByTime(20);
      expect(ran).toHaveLength(1);
      expect((ran[0] ?? 0) - began).toBeLessThan(20);
      vi.advanceTimersByTime(1_000);
      expect(ran.length).toBeGreaterThan(2);
      expect(ran.length).toBeLessThan(6);
    } finally {
      vi.useRealTimers();
    }
  });
});
