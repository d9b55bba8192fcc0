import type { FeedEvent } from "./protocol.js";

/** Keys kept of a state channel; those that changed longest ago go first. */
export const KEPT_KEYS = 1_000;

/** The newest event of each key of a state channel. */
export class Latest {
  #byKey = new Map<string, FeedEvent>();
  #epoch: string | null = null;
  #view: ReadonlyMap<string, FeedEvent> = new Map();
  #viewIsOld = false;
  #anew = false;

  /** What the server sends as snapshot next is all there is. */
  expectSnapshot(): void {
    this.#anew = true;
  }

  /** False if the event is not newer than what is known. */
  take(event: FeedEvent): boolean {
    const at = event.position;
    const isOther = at !== null && at.epoch !== this.#epoch;
    if (isOther || (event.snapshot && this.#anew)) {
      this.#byKey.clear();
      this.#anew = false;
      this.#epoch = at?.epoch ?? this.#epoch;
    }
    const key = event.key ?? "";
    const known = this.#byKey.get(key)?.position;
    if (at !== null && known !== undefined && known !== null && at.offset <= known.offset) {
      return false;
    }
    this.#byKey.delete(key); // so that the order is that of the last change
    this.#byKey.set(key, event);
    if (this.#byKey.size > KEPT_KEYS) {
      this.#byKey.delete(this.#byKey.keys().next().value ?? "");
    }
    this.#viewIsOld = true;
    return true;
  }

  /** Nothing is reported on that key; null: on any. */
  empty(key: string | null): void {
    if (key !== null) {
      this.#viewIsOld = this.#byKey.delete(key) || this.#viewIsOld;
      return;
    }
    this.#anew = false;
    this.#viewIsOld ||= this.#byKey.size > 0;
    this.#byKey.clear();
  }

  clear(): void {
    this.#byKey.clear();
    this.#viewIsOld = true;
  }

  /** The same object until something changes. */
  get view(): ReadonlyMap<string, FeedEvent> {
    if (this.#viewIsOld) {
      this.#view = new Map(this.#byKey);
      this.#viewIsOld = false;
    }
    return this.#view;
  }
}
