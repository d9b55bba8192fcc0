import type { FeedEvent } from "realtime-client";
import { EMPTY_FEED, feed, KEPT_ROWS, type FeedAction, type FeedState } from "./feed";

/** Runs a task soon, and once: before the next paint, or after a moment where nothing is painted. */
export type Soon = (task: () => void) => void;

const HIDDEN_FLUSH_MS = 1_000;
/** Nobody reads a list that moves more often, and the frames between stay free for whoever scrolls and types. */
const LEAST_GAP_MS = 333;

/** At the next frame after a quiet moment, and with a gap between while events keep coming. */
export function soonInBrowser(): Soon {
  let last = -LEAST_GAP_MS;
  const run = (task: () => void) => {
    last = performance.now();
    task();
  };
  return (task) => {
    if (document.hidden) {
      setTimeout(() => run(task), HIDDEN_FLUSH_MS); // a hidden page gets no animation frames
      return;
    }
    const wait = last + LEAST_GAP_MS - performance.now();
    if (wait <= 0) {
      requestAnimationFrame(() => run(task));
    } else {
      setTimeout(() => requestAnimationFrame(() => run(task)), wait);
    }
  };
}

/** Holds the list outside React: events wait here, bounded, and change it a few times a second at most. */
export class FeedStore {
  readonly #soon: Soon;
  readonly #listeners = new Set<() => void>();
  #state: FeedState = EMPTY_FEED;
  #waiting: FeedEvent[] = [];
  #scheduled = false;

  constructor(soon: Soon = soonInBrowser()) {
    this.#soon = soon;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): FeedState => this.#state;

  push(event: FeedEvent): void {
    this.#waiting.push(event);
    if (this.#waiting.length >= KEPT_ROWS) {
      this.#flush(); // also bounds what waits when a page is hidden between scheduling and painting
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      this.#soon(() => {
        this.#scheduled = false;
        this.#flush();
      });
    }
  }

  dispatch(action: FeedAction): void {
    this.#flush();
    this.#apply(action);
  }

  #flush(): void {
    if (this.#waiting.length > 0) {
      const events = this.#waiting;
      this.#waiting = [];
      this.#apply({ type: "events", events, at: Date.now() });
    }
  }

  #apply(action: FeedAction): void {
    const before = this.#state;
    this.#state = feed(before, action);
    if (this.#state !== before) {
      this.#listeners.forEach((listener) => listener());
    }
  }
}
