import { isStateChannel } from "../protocol.js";
import type { Position } from "../position.js";
import type { OpenSocket, SocketHandlers } from "../socket.js";
import type { ManualClock } from "./manualClock.js";

export interface ReceivedFrame {
  readonly type: string;
  readonly id?: string;
  readonly data?: {
    readonly token?: string;
    readonly channel?: string;
    readonly resume?: Position;
    readonly session_id?: string;
  };
}

interface Row extends Position {
  readonly type: string;
  readonly channel: string;
  readonly key: string;
  readonly prev?: number;
  readonly data: object;
}

interface Person {
  readonly client: string;
  readonly user: string;
  readonly roles: readonly string[];
}

interface Peer {
  readonly handlers: SocketHandlers;
  readonly subscriptions: Set<string>;
  person: Person | null;
  isOpen: boolean;
  frames: number;
  minute: number;
}

const FRAMES_PER_MINUTE = 100;

/**
 * A gateway that keeps the protocol as the real one does: one log, positions, replay or resync, refusals, a limit of
 * frames. A test makes it fail in the ways that real ones do. Both directions take a turn of the event loop.
 */
export class FakeGateway {
  readonly received: ReceivedFrame[] = [];
  /** Codes of the errors that it has sent. */
  readonly errors: string[] = [];
  readonly snapshotsRead: string[] = [];
  readonly tokens = new Map<string, Person>();
  readonly forbidden = new Set<string>();
  connections = 0;
  epoch = "k3f";
  /** What is not after this offset cannot be resumed any more. */
  floor = -1;
  /** False: connections cannot be made. */
  isReachable = true;
  /** False: what is sent vanishes, as on a connection whose other end has lost its power. */
  answers = true;
  /** How an HTTP request is answered; null: not at all. */
  apiStatus: number | null = 200;
  /** False: it does not say why it could not resume. */
  explains = true;
  /** Rows sent once more with a resume. */
  overlap = 0;
  #top = 100;
  #rows: Row[] = [];
  #peer: Peer | null = null;
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.tokens.set("token-1", { client: "acme", user: "ada@acme.example", roles: ["admin"] });
  }

  readonly open: OpenSocket = (_, handlers) => {
    this.connections++;
    const peer: Peer = {
      handlers,
      subscriptions: new Set(),
      person: null,
      isOpen: true,
      frames: 0,
      minute: this.#clock.now(),
    };
    this.#peer = peer;
    queueMicrotask(() => {
      if (this.isReachable) {
        handlers.opened();
      } else {
        this.#end(peer, 1006, "");
      }
    });
    return {
      send: (text) => queueMicrotask(() => this.answers && peer.isOpen && this.#receive(peer, text)),
      close: () => {
        peer.isOpen = false;
      },
    };
  };

  readonly fetch: typeof fetch = async (input, init) => {
    const path = new URL(String(input)).pathname;
    this.snapshotsRead.push(path);
    if (this.apiStatus === null) {
      throw new TypeError("fetch failed");
    }
    const token = new Headers(init?.headers).get("Authorization")?.replace("Bearer ", "") ?? "";
    const status = this.tokens.has(token) ? this.apiStatus : 401;
    return new Response(JSON.stringify({ items: [], top: this.#top }), {
      status,
      headers: { "Feed-Position": `${this.epoch}:${this.#top}` },
    });
  };

  /** Appends to the log; `delivered` false loses the frame on its way to whoever is connected. */
  publish(channel: string, key = "t-1", delivered = true): number {
    const before = this.#rows.filter((row) => row.channel === channel).at(-1)?.offset;
    const chained = !isStateChannel(channel) && before !== undefined;
    const row: Row = {
      type: "changed",
      channel,
      key,
      epoch: this.epoch,
      offset: ++this.#top,
      ...(chained ? { prev: before } : {}),
      data: { at: this.#top },
    };
    this.#rows.push(row);
    if (delivered && this.#peer?.subscriptions.has(channel)) {
      this.say(row);
    }
    return row.offset;
  }

  /** Offsets start anew. */
  restart(epoch: string): void {
    this.epoch = epoch;
    this.#top = 0;
    this.#rows = [];
  }

  say(frame: object): void {
    this.sayText(JSON.stringify(frame));
  }

  sayText(text: string): void {
    const peer = this.#peer;
    if (peer !== null && this.answers) {
      queueMicrotask(() => peer.isOpen && peer.handlers.message(text));
    }
  }

  close(code: number, reason = ""): void {
    if (this.#peer !== null) {
      this.#end(this.#peer, code, reason);
    }
  }

  frames(type: string): ReceivedFrame[] {
    return this.received.filter((frame) => frame.type === type);
  }

  #receive(peer: Peer, text: string): void {
    const frame = JSON.parse(text) as ReceivedFrame;
    this.received.push(frame);
    if (this.#clock.now() - peer.minute >= 60_000) {
      peer.minute = this.#clock.now();
      peer.frames = 0;
    }
    if (++peer.frames > FRAMES_PER_MINUTE) {
      this.#end(peer, 4429, "too many frames in a minute");
    } else if (peer.person === null) {
      this.#authenticate(peer, frame);
    } else {
      this.#answer(peer, peer.person, frame);
    }
  }

  #authenticate(peer: Peer, { type, data }: ReceivedFrame): void {
    peer.person = this.tokens.get(data?.token ?? "") ?? null;
    if (type === "auth" && peer.person !== null) {
      this.#welcome(peer.person);
    } else {
      this.#error(null, "invalid_token");
      this.#end(peer, 4001, "no valid token came in time");
    }
  }

  #answer(peer: Peer, person: Person, frame: ReceivedFrame): void {
    const { type, data } = frame;
    const id = frame.id ?? null;
    const channel = data?.channel ?? "";
    switch (type) {
      case "subscribe":
        if (this.forbidden.has(channel)) {
          this.#error(id, "forbidden_channel");
        } else {
          peer.subscriptions.add(channel);
          this.#begin(id, channel, data?.resume ?? null);
        }
        return;
      case "unsubscribe":
        if (!peer.subscriptions.delete(channel)) {
          this.#error(id, "not_subscribed");
        }
        return;
      case "heartbeat":
        this.say({ type, epoch: this.epoch, offset: this.#top });
        return;
      case "refresh": {
        const fresh = this.tokens.get(data?.token ?? "");
        if (fresh === undefined) {
          this.#error(id, "invalid_token");
        } else if (fresh.user !== person.user || fresh.client !== person.client) {
          this.#error(id, "other_identity");
        } else {
          peer.person = fresh;
          this.#welcome(fresh);
        }
        return;
      }
      case "typing":
        return;
      default:
        this.#error(id, "not_available");
    }
  }

  #begin(id: string | null, channel: string, resume: Position | null): void {
    const lost = resume === null ? null : this.#whyLost(resume);
    const recovered = resume !== null && lost === null;
    this.say({ type: "subscribed", id, data: { channel, epoch: this.epoch, offset: this.#top, recovered } });
    if (lost !== null && this.explains) {
      this.say({ type: "resync", channel, data: { reason: lost, snapshot: `/api/v1/${channel}?full=true` } });
    } else if (isStateChannel(channel)) {
      const latest = new Map(this.#rows.filter((row) => row.channel === channel).map((row) => [row.key, row]));
      latest.forEach((row) => this.say({ ...row, offset: this.#top, snapshot: true }));
      if (latest.size === 0) {
        this.say({ type: "state_empty", channel, epoch: this.epoch, offset: this.#top, snapshot: true, data: {} });
      }
    } else if (resume !== null) {
      this.#rows
        .filter((row) => row.channel === channel && row.offset > resume.offset - this.overlap)
        .forEach((row) => this.say(row));
    }
  }

  #whyLost({ epoch, offset }: Position): string | null {
    return epoch !== this.epoch ? "epoch" : offset < this.floor ? "retention" : null;
  }

  #welcome({ client, user, roles }: Person): void {
    this.say({ type: "auth_success", data: { client_id: client, user, roles, heartbeat_seconds: 30, connection_id: "c" } });
  }

  #error(id: string | null, code: string): void {
    this.errors.push(code);
    this.say({ type: "error", id, data: { code, message: code } });
  }

  #end(peer: Peer, code: number, reason: string): void {
    // After what was said before.
    queueMicrotask(() => {
      if (peer.isOpen) {
        peer.isOpen = false;
        peer.handlers.closed(code, reason);
      }
    });
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
