import type { Cancel, Clock } from "./clock.js";

const WINDOW_MS = 60_000;
/** Fewer than the 100 frames a minute for which a server closes with 4429: heartbeats and tokens do not wait. */
export const FRAMES_PER_WINDOW = 80;

/** Paces what a connection sends, so that opening many channels at once does not cost the connection. */
export class Outbox {
  readonly #clock: Clock;
  readonly #write: (frame: string) => void;
  #waiting: string[] = [];
  #sentAt: number[] = [];
  #cancel: Cancel = () => undefined;

  constructor(clock: Clock, write: (frame: string) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  /** Sends at once, whatever was sent before: for what the connection lives by. */
  sendNow(frame: string): void {
    this.#forget();
    this.#sentAt.push(this.#clock.now());
    this.#write(frame);
  }

  /** How many of the frames that were sent are remembered. */
  get remembered(): number {
    return this.#sentAt.length;
  }

  /** Sends in order, as soon as there is room. */
  send(frame: string): void {
    this.#waiting.push(frame);
    this.#flush();
  }

  /** Sends now or never; false if never. */
  offer(frame: string): boolean {
    if (this.#waiting.length > 0 || !this.#hasRoom()) {
      return false;
    }
    this.sendNow(frame);
    return true;
  }

  /** Another connection begins, or none. */
  reset(): void {
    this.#cancel();
    this.#waiting = [];
    this.#sentAt = [];
  }

  #flush(): void {
    this.#cancel();
    this.#cancel = () => undefined;
    while (this.#waiting.length > 0 && this.#hasRoom()) {
      this.sendNow(this.#waiting.shift() ?? "");
    }
    const oldest = this.#sentAt[0];
    if (this.#waiting.length > 0 && oldest !== undefined) {
      this.#cancel = this.#clock.after(oldest + WINDOW_MS - this.#clock.now(), () => this.#flush());
    }
  }

  #hasRoom(): boolean {
    this.#forget();
    return this.#sentAt.length < FRAMES_PER_WINDOW;
  }

  /** What was sent before the window counts no more. */
  #forget(): void {
    const since = this.#clock.now() - WINDOW_MS;
    this.#sentAt = this.#sentAt.filter((at) => at > since);
  }
}
