import { Audience, type ChannelListener, type Member } from "./audience.js";
import { backoff } from "./backoff.js";
import type { Cancel, Clock } from "./clock.js";
import { Latest } from "./latest.js";
import { advance, judge, type Position } from "./position.js";
import { clientFrame, isStateChannel, type FeedEvent } from "./protocol.js";
import type { LoadSnapshot, Snapshot } from "./snapshots.js";

/** What a channel needs from the connection it belongs to. */
export interface ChannelHost {
  readonly clock: Clock;
  readonly random: () => number;
  readonly loadSnapshot: LoadSnapshot;
  readonly pollMs: (channel: string) => number;
  nextId(): string;
  send(frame: string): void;
}

/**
 * - `idle`: nothing happens
 * - `polling`: there is no connection, so the state is read by HTTP every now and then
 * - `loading`: the snapshot is read, to subscribe from its position
 * - `subscribing`, `live`: as the server says
 * - `unrecovered`: the server could not resume, and is about to say why
 * - `refused`: the server does not allow it
 */
type State = "idle" | "polling" | "loading" | "subscribing" | "unrecovered" | "live" | "refused";

/** A connection that is there sooner is not worth polling for, in milliseconds. */
const POLL_AFTER_MS = 1_000;
/** How long the server's reason for a resync is waited for, in milliseconds. */
const REASON_MS = 1_000;

/**
 * One subscription over all connections: it remembers its position, so every event is delivered once and in order, or
 * the listeners are told of a gap and the snapshot is read again.
 */
export class Channel {
  readonly name: string;
  readonly #host: ChannelHost;
  readonly #isState: boolean;
  readonly #audience = new Audience();
  readonly #latest = new Latest();
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
    this.name = name;
    this.#host = host;
    this.#isState = isStateChannel(name);
  }

  /** The newest event of each key, for a state channel; else empty. */
  get latest(): ReadonlyMap<string, FeedEvent> {
    return this.#latest.view;
  }

  get isUnheard(): boolean {
    return this.#audience.size === 0;
  }

  /** @returns ends the listening */
  join(listener: ChannelListener): () => void {
    const isLate = this.#position !== null && !this.#isState && listener.onSnapshot !== undefined;
    const member = this.#audience.add(listener, isLate);
    if (isLate) {
      this.#welcome(member);
    }
    return () => this.#audience.remove(member);
  }

  #welcome(member: Member): void {
    this.#host.loadSnapshot(this.name, null).then(
      (snapshot) => {
        if (!this.#audience.welcome(member, snapshot)) {
          this.#welcome(member);
        }
      },
      () => {
        member.listener.onGap?.("the snapshot could not be read");
        this.#audience.welcome(member, null);
      },
    );
  }

  /** The connection is live: go on where the channel stood, or load it for the first time. */
  open(): void {
    this.#halt("idle");
    if (this.#position !== null) {
      this.#subscribe(this.#isState ? null : this.#position);
    } else {
      this.#loadThenSubscribe(null, 0);
    }
  }

  /** Other roles may open what was refused. */
  reopen(): void {
    if (this.#state === "refused") {
      this.open();
    }
  }

  /** The connection is gone. */
  close(): void {
    this.#halt("idle");
  }

  /** There will be no connection for a while. */
  poll(): void {
    if (this.#state === "idle") {
      this.#pollAfter(POLL_AFTER_MS, 0);
    }
  }

  /** Nobody listens any more. */
  end(): void {
    if (this.#isSubscribed()) {
      this.#host.send(clientFrame.unsubscribe(this.#host.nextId(), this.name));
    }
    this.#halt("idle");
  }

  /** What is known belongs to somebody else now. */
  forget(): void {
    this.#position = null;
    this.#recoveries = 0;
    this.#latest.clear();
    this.#audience.reset();
  }

  subscribed(id: string | null, position: Position | null, recovered: boolean): void {
    if (this.#state !== "subscribing" || (id !== null && id !== this.#request)) {
      return;
    }
    if (this.#resume !== null && !recovered) {
      this.#state = "unrecovered";
      this.#cancel = this.#host.clock.after(REASON_MS, () => this.resync("not recovered", null));
      return;
    }
    // With a resume the replay follows, so the position stays where it is until the replayed events move it.
    this.#position = this.#resume ?? position;
    this.#state = "live";
    this.#latest.expectSnapshot();
  }

  event(event: FeedEvent): void {
    if (this.#state !== "live") {
      return; // the replay brings it again
    }
    if (this.#isState) {
      if (this.#latest.take(event)) {
        this.#audience.event(event);
      }
      return;
    }
    const at = event.position;
    if (at === null) {
      this.#audience.event(event);
      return;
    }
    switch (judge(this.#position, at, event.prev)) {
      case "fresh":
        this.#position = at;
        this.#recoveries = 0;
        this.#audience.event(event);
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

  /** Nothing is reported on this state channel, or on one key of it. */
  empty(key: string | null): void {
    if (this.#state === "live" && this.#isState) {
      this.#latest.empty(key);
      this.#audience.empty(key);
    }
  }

  /** The connection is complete up to here, so a quiet channel need not resume from an offset of last week. */
  heartbeat(at: Position): void {
    if (this.#state !== "live" || this.#isState) {
      return;
    }
    if (this.#position !== null && this.#position.epoch !== at.epoch) {
      this.resync("feed restarted", null);
      return;
    }
    this.#position = this.#position === null ? at : advance(this.#position, at);
  }

  resync(reason: string, address: string | null): void {
    if (!this.#isSubscribed()) {
      return;
    }
    this.#host.send(clientFrame.unsubscribe(this.#host.nextId(), this.name));
    this.#position = null;
    const attempt = this.#recoveries++;
    this.#loadThenSubscribe(address, attempt === 0 ? 0 : backoff(attempt - 1, this.#host.random));
    this.#audience.gap(reason);
  }

  /**
   * True if the error is about this channel.
   *
   * @param id of the request that it answers
   * @param channel that it names
   */
  error(id: string | null, channel: string | null, message: string): boolean {
    const answers = id !== null && id === this.#request && this.#state === "subscribing";
    const withdraws = id === null && channel === this.name && this.#state !== "idle";
    if (!answers && !withdraws) {
      return false;
    }
    this.#halt("refused");
    this.#audience.refused(message);
    return true;
  }

  #isSubscribed(): boolean {
    return this.#state === "subscribing" || this.#state === "unrecovered" || this.#state === "live";
  }

  #recover(): void {
    if (this.#recoveries > 0 || this.#position === null) {
      this.resync("lost", null);
      return;
    }
    this.#recoveries++;
    this.#host.send(clientFrame.unsubscribe(this.#host.nextId(), this.name));
    this.#subscribe(this.#position);
  }

  #subscribe(resume: Position | null): void {
    this.#state = "subscribing";
    this.#resume = resume;
    this.#request = this.#host.nextId();
    this.#host.send(clientFrame.subscribe(this.#request, this.name, resume));
  }

  #loadThenSubscribe(address: string | null, delayMs: number, failures = 0): void {
    this.#halt("loading");
    this.#after(delayMs, () =>
      this.#read(address, {
        done: (snapshot) => {
          this.#position = snapshot?.position ?? null;
          this.#subscribe(this.#isState ? null : this.#position);
        },
        failed: () => this.#loadThenSubscribe(address, backoff(failures, this.#host.random), failures + 1),
      }),
    );
  }

  #pollAfter(delayMs: number, failures: number): void {
    this.#halt("polling");
    this.#after(delayMs, () =>
      this.#read(null, {
        done: (snapshot) => {
          if (snapshot !== null) {
            // A position that is known stays: from there the server replays what happened meanwhile, each event.
            this.#position ??= snapshot.position;
            this.#pollAfter(this.#host.pollMs(this.name), 0);
          }
        },
        failed: () => {
          const pause = Math.max(this.#host.pollMs(this.name), backoff(failures, this.#host.random));
          this.#pollAfter(pause, failures + 1);
        },
      }),
    );
  }

  /** Reads the snapshot and tells the listeners, unless something else has become of the channel meanwhile. */
  #read(address: string | null, then: { done: (snapshot: Snapshot | null) => void; failed: () => void }): void {
    const load = ++this.#load;
    this.#host.loadSnapshot(this.name, address).then(
      (snapshot) => {
        if (load === this.#load) {
          if (snapshot !== null) {
            this.#audience.snapshot(snapshot);
          }
          if (load === this.#load) {
            then.done(snapshot); // unless a listener has ended it
          }
        }
      },
      () => {
        if (load === this.#load) {
          then.failed();
        }
      },
    );
  }

  #after(delayMs: number, task: () => void): void {
    if (delayMs === 0) {
      task();
    } else {
      this.#cancel = this.#host.clock.after(delayMs, task);
    }
  }

  /** Ends what is under way. */
  #halt(state: State): void {
    this.#cancel();
    this.#cancel = () => undefined;
    this.#load++;
    this.#request = null;
    this.#state = state;
  }
}
