import type { ChannelListener } from "../audience.js";
import type { FeedEvent } from "../protocol.js";
import type { Snapshot } from "../snapshots.js";

/** What a component knows of an event channel. */
export interface ChannelData {
  /** As last read by HTTP; null where nothing was read yet, or the channel has none. */
  readonly snapshot: Snapshot | null;
  /** Newest last; what is not newer than the snapshot is left out. Bounded. */
  readonly events: readonly FeedEvent[];
  /** How often events were lost for good, and the snapshot was read again. */
  readonly gaps: number;
  /** Why the server does not allow the channel; null if it does. */
  readonly refused: string | null;
}

export const NO_DATA: ChannelData = { snapshot: null, events: [], gaps: 0, refused: null };

/** Gathers what a channel tells into one value that is replaced with each change. */
export class ChannelDataStore {
  readonly #keep: number;
  #data: ChannelData = NO_DATA;

  /** @param keep how many events, at most */
  constructor(keep: number) {
    this.#keep = keep;
  }

  readonly data = (): ChannelData => this.#data;

  listener(notify: () => void): ChannelListener {
    const set = (change: Partial<ChannelData>) => {
      this.#data = { ...this.#data, ...change };
      notify();
    };
    return {
      onSnapshot: (snapshot) =>
        set({ snapshot, events: this.#data.events.filter((event) => isAfter(event, snapshot)), refused: null }),
      onEvent: (event) => {
        if (isAfter(event, this.#data.snapshot)) {
          set({ events: [...this.#data.events, event].slice(-this.#keep), refused: null });
        }
      },
      onGap: () => set({ gaps: this.#data.gaps + 1 }),
      onReset: () => set(NO_DATA),
      onRefused: (refused) => set({ refused }),
    };
  }
}

function isAfter({ position }: FeedEvent, snapshot: Snapshot | null): boolean {
  const at = snapshot?.position ?? null;
  return position === null || at === null || position.epoch !== at.epoch || position.offset > at.offset;
}
