import type { FeedEvent } from "./protocol.js";
import type { Snapshot } from "./snapshots.js";

/** What is told of a channel. Each part may be left out. */
export interface ChannelListener {
  /** Once for each event, in order. */
  onEvent?(event: FeedEvent): void;
  /**
   * The state as it was read by HTTP, before the first event, after a gap, and repeatedly while there is no stream. The
   * events after its position follow; after an outage also earlier ones, which the versions in them tell apart.
   */
  onSnapshot?(snapshot: Snapshot): void;
  /** Nothing is reported on this state channel; with a key, on that one. */
  onEmpty?(key: string | null): void;
  /** Events are lost for good. The snapshot is read right after, where there is one. */
  onGap?(reason: string): void;
  /** What was told belongs to somebody else, or the client has stopped: all of it must go. */
  onReset?(): void;
  /** The server does not allow this channel. */
  onRefused?(message: string): void;
}

/** Events that wait for one member's snapshot, at most. */
export const MOST_HELD = 1_000;

/** One listener's place in the audience. */
export interface Member {
  readonly listener: ChannelListener;
  /** Events that wait for this member's snapshot; null if it does not wait. */
  held: FeedEvent[] | null;
  /** More came than may wait: what waits now is not all since the snapshot was asked for. */
  isShort: boolean;
}

/** Who listens to a channel. Whoever comes late is first given a snapshot, then what came meanwhile. */
export class Audience {
  readonly #members = new Set<Member>();

  get size(): number {
    return this.#members.size;
  }

  add(listener: ChannelListener, waits: boolean): Member {
    const member: Member = { listener, held: waits ? [] : null, isShort: false };
    this.#members.add(member);
    return member;
  }

  remove(member: Member): void {
    this.#members.delete(member);
  }

  event(event: FeedEvent): void {
    this.#each((member) => tell(member, event));
  }

  snapshot(snapshot: Snapshot): void {
    this.#each((member) => {
      member.held = null;
      member.listener.onSnapshot?.(snapshot);
    });
  }

  /**
   * The late member's snapshot is here; null if there is none after all.
   *
   * @returns false if a newer one is needed: too much has come meanwhile
   */
  welcome(member: Member, snapshot: Snapshot | null): boolean {
    const held = member.held;
    if (held === null || !this.#members.has(member)) {
      return true; // a snapshot for all has come first
    }
    if (member.isShort && snapshot !== null) {
      member.held = [];
      member.isShort = false;
      return false;
    }
    member.held = null;
    guarded(() => {
      const at = snapshot?.position ?? null;
      if (snapshot !== null) {
        member.listener.onSnapshot?.(snapshot);
      }
      held.filter(({ position }) => !isIn(position, at)).forEach((event) => tell(member, event));
    });
    return true;
  }

  gap(reason: string): void {
    this.#each(({ listener }) => listener.onGap?.(reason));
  }

  reset(): void {
    this.#each((member) => {
      member.held = null;
      member.listener.onReset?.();
    });
  }

  empty(key: string | null): void {
    this.#each(({ listener }) => listener.onEmpty?.(key));
  }

  refused(message: string): void {
    this.#each(({ listener }) => listener.onRefused?.(message));
  }

  #each(task: (member: Member) => void): void {
    for (const member of [...this.#members]) {
      guarded(() => task(member));
    }
  }
}

function tell(member: Member, event: FeedEvent): void {
  if (member.held === null) {
    member.listener.onEvent?.(event);
  } else if (member.held.length < MOST_HELD) {
    member.held.push(event);
  } else {
    member.isShort = true;
  }
}

function isIn(event: FeedEvent["position"], snapshot: FeedEvent["position"]): boolean {
  return event !== null && snapshot !== null && event.epoch === snapshot.epoch && event.offset <= snapshot.offset;
}

/** A listener's fault is reported as one that nobody caught, and does not stop the stream of the others. */
function guarded(task: () => void): void {
  try {
    task();
  } catch (fault) {
    queueMicrotask(() => {
      throw fault;
    });
  }
}
