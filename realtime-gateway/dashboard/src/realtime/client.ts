import { backoff } from "./backoff";
import { Channel } from "./channel";
import { systemClock, type Cancel, type Clock } from "./clock";
import { connection, INITIAL_CONNECTION, type Connection, type ConnectionSignal } from "./connection";
import type { Position } from "./position";
import { clientFrame, parseFrame, type FeedEvent, type ServerFrame, type Session } from "./protocol";
import { openBrowserSocket, type OpenSocket, type Socket } from "./socket";

export interface Token {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface RealtimeOptions {
  /** `ws:` or `wss:` address of the stream. */
  readonly url: string;
  readonly channels: readonly string[];
  /** The token of now, or null if there is none. It is asked at every attempt. */
  readonly token: () => Token | null;
  /**
   * Reads a channel's state by HTTP, at `address` if the server named one, and answers the feed position that came with
   * it; null if the channel has no snapshot. A rejection means "try again": it is repeated with backoff.
   */
  readonly loadSnapshot: (channel: string, address: string | null) => Promise<Position | null>;
  readonly onEvent: (event: FeedEvent) => void;
  /** Events of a channel are lost for good. Its snapshot is read right after. */
  readonly onGap?: (channel: string, reason: string) => void;
  /** The token is about to expire, or already has. Answered by `tokenChanged`. */
  readonly onTokenExpiring?: () => void;
  /** The connection belongs to another client than the one before, so everything shown must go. */
  readonly onClientChanged?: () => void;
  readonly openSocket?: OpenSocket;
  readonly clock?: Clock;
  /** A number in [0, 1). */
  readonly random?: () => number;
}

const OPEN_DEADLINE_MS = 10_000;
const TOKEN_LEAD_MS = 60_000;
/** Without a frame for this many heartbeat intervals the connection counts as dead. */
const SILENT_HEARTBEATS = 2.5;
const TOKEN_EXPIRED = 4005;
/** What browsers report when a connection ended without a close frame. */
const ABNORMAL = 1006;

/** Keeps a client's channels flowing over one socket at a time, for as long as it is started. */
export class RealtimeClient {
  readonly #options: RealtimeOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #channels: ReadonlyMap<string, Channel>;
  readonly #listeners = new Set<() => void>();
  #connection: Connection = INITIAL_CONNECTION;
  #socket: Socket | null = null;
  #lastFrameAt = 0;
  #lastId = 0;
  #moveAt: number | null = null;
  #expiredToken: string | null = null;
  #malformed = 0;
  #deadline: Cancel = nothing;
  #heartbeat: Cancel = nothing;
  #next: Cancel = nothing;
  #tokenWatch: Cancel = nothing;

  constructor(options: RealtimeOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    const host = {
      clock: this.#clock,
      random: this.#random,
      nextId: () => String(++this.#lastId),
      send: (frame: string) => this.#socket?.send(frame),
      loadSnapshot: options.loadSnapshot,
      deliver: options.onEvent,
      gap: (channel: string, reason: string) => options.onGap?.(channel, reason),
      refused: (channel: string, message: string) =>
        this.#signal({ type: "problem", problem: `${channel}: ${message}` }),
    };
    this.#channels = new Map(options.channels.map((name) => [name, new Channel(name, host)]));
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Frames that broke the protocol and were ignored. */
  get malformedFrames(): number {
    return this.#malformed;
  }

  /** Tells of every change of the connection but that of `lastUpdate`, which moves with each frame. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#connection.link === "idle") {
      this.#watchToken();
      this.#attempt();
    }
  }

  stop(): void {
    this.#release();
    this.#next();
    this.#tokenWatch();
    this.#signal({ type: "stopped" });
  }

  /** Something has changed (the network is back, a person asked): do not wait for the backoff. */
  retryNow(): void {
    const { link } = this.#connection;
    if (link === "waiting" || link === "refused" || link === "unauthorised") {
      this.#attempt();
    }
  }

  /** There is a new token: a live connection goes on with it, one that lacked it starts again. */
  tokenChanged(): void {
    if (this.#connection.link === "idle") {
      return;
    }
    this.#watchToken();
    const token = this.#options.token();
    if (token !== null && this.#connection.link === "live") {
      this.#socket?.send(clientFrame.refresh(token.value));
    } else {
      this.retryNow();
    }
  }

  /** How the last HTTP request went: it decides between polling and offline while there is no live connection. */
  apiAnswered(answered: boolean): void {
    this.#signal(answered ? { type: "api_answered", at: this.#clock.now() } : { type: "api_failed" });
  }

  #attempt(): void {
    this.#next();
    this.#moveAt = null;
    const token = this.#options.token();
    if (token === null || token.expiresAt <= this.#clock.now() || token.value === this.#expiredToken) {
      this.#signal({ type: "token_missing" });
      this.#options.onTokenExpiring?.();
      return;
    }
    this.#signal({ type: "attempt" });
    this.#deadline = this.#clock.after(OPEN_DEADLINE_MS, () => this.#lost(ABNORMAL, ""));
    // Handlers of a socket that was given up must not touch its successor.
    const current = () => this.#socket === socket;
    const socket = (this.#options.openSocket ?? openBrowserSocket)(this.#options.url, {
      opened: () => current() && this.#opened(token.value),
      message: (data) => current() && this.#received(parseFrame(data)),
      closed: (code, reason) => current() && this.#closed(code, reason, token.value),
    });
    this.#socket = socket;
  }

  #opened(token: string): void {
    this.#signal({ type: "opened" });
    this.#socket?.send(clientFrame.auth(token));
  }

  #received(frame: ServerFrame): void {
    this.#lastFrameAt = this.#clock.now();
    this.#signal({ type: "received", at: this.#lastFrameAt });
    switch (frame.kind) {
      case "auth_success":
        this.#authenticated(frame.session);
        return;
      case "subscribed":
        this.#channels.get(frame.channel)?.subscribed(frame.id, frame.position, frame.recovered);
        return;
      case "event":
        this.#channels.get(frame.channel)?.event(frame);
        return;
      case "heartbeat":
        if (frame.position !== null) {
          for (const channel of this.#channels.values()) {
            channel.heartbeat(frame.position);
          }
        }
        return;
      case "resync":
        this.#channels.get(frame.channel)?.resync(frame.reason, frame.snapshot);
        return;
      case "reconnect":
        this.#moveAt = this.#clock.now() + frame.afterMs;
        this.#next();
        this.#next = this.#clock.after(frame.afterMs, () => this.#move());
        return;
      case "error":
        if (![...this.#channels.values()].some((channel) => channel.error(frame.id, frame.message))) {
          this.#signal({ type: "problem", problem: frame.message });
        }
        return;
      case "malformed":
        this.#malformed++;
        return;
      case "unknown":
        return;
    }
  }

  #authenticated(session: Session): void {
    const before = this.#connection;
    const otherClient = before.session !== null && before.session.clientId !== session.clientId;
    this.#signal({ type: "authenticated", at: this.#clock.now(), session });
    if (otherClient) {
      this.#channels.forEach((channel) => channel.forget());
      this.#options.onClientChanged?.();
    }
    if (before.link === "authenticating") {
      this.#deadline();
      this.#beat(session.heartbeatSeconds * 1_000);
      this.#channels.forEach((channel) => channel.open());
    }
  }

  #beat(everyMs: number): void {
    this.#heartbeat = this.#clock.after(everyMs, () => {
      if (this.#clock.now() - this.#lastFrameAt > everyMs * SILENT_HEARTBEATS) {
        this.#lost(ABNORMAL, "No sign of life from the server.");
        return;
      }
      this.#socket?.send(clientFrame.heartbeat());
      this.#beat(everyMs);
    });
  }

  #closed(code: number, reason: string, token: string): void {
    if (code === TOKEN_EXPIRED) {
      this.#expiredToken = token;
    }
    this.#lost(code, reason);
  }

  #lost(code: number, reason: string): void {
    this.#release();
    this.#signal({ type: "closed", at: this.#clock.now(), code, reason });
    if (this.#connection.link === "waiting") {
      this.#next();
      this.#next = this.#clock.after(this.#delayAfter(code), () => this.#attempt());
    }
  }

  #delayAfter(code: number): number {
    if (this.#moveAt !== null) {
      // The server has chosen the delay, so that a gateway's clients spread out.
      return Math.max(0, this.#moveAt - this.#clock.now());
    }
    // With an expired token it is not the network that has to recover.
    return code === TOKEN_EXPIRED ? 0 : backoff(this.#connection.failures - 1, this.#random);
  }

  #move(): void {
    this.#release();
    this.#signal({ type: "moved" });
    this.#attempt();
  }

  #release(): void {
    this.#deadline();
    this.#heartbeat();
    const socket = this.#socket;
    this.#socket = null;
    this.#channels.forEach((channel) => channel.close());
    socket?.close();
  }

  #watchToken(): void {
    this.#tokenWatch();
    const token = this.#options.token();
    if (token !== null) {
      const left = token.expiresAt - this.#clock.now();
      // A short-lived token is given at least half of its life.
      const lead = Math.min(TOKEN_LEAD_MS, left / 2);
      this.#tokenWatch = this.#clock.after(left - lead, () => this.#options.onTokenExpiring?.());
    }
  }

  #signal(signal: ConnectionSignal): void {
    const before = this.#connection;
    this.#connection = connection(before, signal);
    if (signal.type !== "received" && this.#connection !== before) {
      this.#listeners.forEach((listener) => listener());
    }
  }
}

function nothing(): void {
  // no timer is running
}
