import { backoff } from "./backoff";
import type { Cancel, Clock } from "./clock";
import { advance, judge, type Position } from "./position";
import { clientFrame, type FeedEvent } from "./protocol";

/** What a channel needs from the connection it belongs to. */
export interface ChannelHost {
  readonly clock: Clock;
  readonly random: () => number;
  nextId(): string;
  send(frame: string): void;
  loadSnapshot(channel: string, address: string | null): Promise<Position | null>;
  deliver(event: FeedEvent): void;
  gap(channel: string, reason: string): void;
  refused(channel: string, message: string): void;
}

type State = "idle" | "loading" | "subscribing" | "live" | "refused";

/**
 * One subscription over all connections: it remembers its position, so every event is delivered once and in order, or
 * the owner is told of a gap and the snapshot is read again.
 */
export class Channel {
  readonly #name: string;
  readonly #host: ChannelHost;
  #state: State = "idle";
  #position: Position | null = null;
  #resume: Position | null = null;
  #request: string | null = null;
  /** Recoveries since an event last arrived as it should: more than one says that resuming does not help. */
  #recoveries = 0;
  #cancel: Cancel = () => undefined;
  /** Tells the answer of the current load from those of earlier ones. */
  #load = 0;

  constructor(name: string, host: ChannelHost) {
    this.#name = name;
    this.#host = host;
  }

  /** The connection is live: go on where the channel stood, or load it for the first time. */
  open(): void {
    if (this.#position !== null) {
      this.#subscribe(this.#position);
    } else {
      this.#loadThenSubscribe(null, 0);
    }
  }

  /** The connection is gone. */
  close(): void {
    this.#cancel();
    this.#load++;
    this.#request = null;
    this.#state = "idle";
  }

  /** What is known belongs to somebody else now. */
  forget(): void {
    this.#position = null;
    this.#recoveries = 0;
  }

  subscribed(id: string | null, position: Position | null, recovered: boolean): void {
    if (this.#state !== "subscribing" || (id !== null && id !== this.#request)) {
      return;
    }
    if (this.#resume !== null && !recovered) {
      this.resync("not recovered", null);
      return;
    }
    // With a resume the replay follows, so the position stays where it is until the replayed events move it.
    this.#position = this.#resume ?? position;
    this.#state = "live";
  }

  event(event: FeedEvent): void {
    if (this.#state !== "live") {
      return; // the replay brings it again
    }
    const at = event.position;
    if (at === null) {
      this.#host.deliver(event);
      return;
    }
    const verdict = judge(this.#position, at, event.prev);
    switch (verdict) {
      case "fresh":
        this.#position = at;
        this.#recoveries = 0;
        this.#host.deliver(event);
        return;
      case "duplicate":
        return;
      case "lost":
        this.#recover();
        return;
      case "restarted":
        this.resync("feed restarted", null);
        return;
    }
  }

  /** The connection is complete up to here, so a quiet channel need not resume from an offset of last week. */
  heartbeat(at: Position): void {
    if (this.#state !== "live") {
      return;
    }
    if (this.#position !== null && this.#position.epoch !== at.epoch) {
      this.resync("feed restarted", null);
      return;
    }
    this.#position = this.#position === null ? at : advance(this.#position, at);
  }

  resync(reason: string, address: string | null): void {
    if (this.#state === "loading" || this.#state === "refused" || this.#state === "idle") {
      return;
    }
    this.#host.send(clientFrame.unsubscribe(this.#host.nextId(), this.#name));
    this.#position = null;
    this.#host.gap(this.#name, reason);
    const attempt = this.#recoveries++;
    this.#loadThenSubscribe(address, attempt === 0 ? 0 : backoff(attempt - 1, this.#host.random));
  }

  /** True if the error answers this channel's request. */
  error(id: string | null, message: string): boolean {
    if (id === null || id !== this.#request || this.#state !== "subscribing") {
      return false;
    }
    this.#state = "refused";
    this.#host.refused(this.#name, message);
    return true;
  }

  #recover(): void {
    if (this.#recoveries > 0 || this.#position === null) {
      this.resync("lost", null);
      return;
    }
    this.#recoveries++;
    this.#host.send(clientFrame.unsubscribe(this.#host.nextId(), this.#name));
    this.#subscribe(this.#position);
  }

  #subscribe(resume: Position | null): void {
    this.#state = "subscribing";
    this.#resume = resume;
    this.#request = this.#host.nextId();
    this.#host.send(clientFrame.subscribe(this.#request, this.#name, resume));
  }

  #loadThenSubscribe(address: string | null, delayMs: number, failures = 0): void {
    this.#state = "loading";
    const load = ++this.#load;
    const run = () => {
      this.#host.loadSnapshot(this.#name, address).then(
        (position) => {
          if (load === this.#load) {
            this.#position = position;
            this.#subscribe(position);
          }
        },
        () => {
          if (load === this.#load) {
            this.#loadThenSubscribe(address, backoff(failures, this.#host.random), failures + 1);
          }
        },
      );
    };
    this.#cancel();
    this.#cancel = () => undefined;
    if (delayMs === 0) {
      run();
    } else {
      this.#cancel = this.#host.clock.after(delayMs, run);
    }
  }
}
