import type { ChannelListener } from "./audience.js";
import { backoff } from "./backoff.js";
import type { Channel, ChannelHost } from "./channel.js";
import { Channels } from "./channels.js";
import { systemClock, type Cancel, type Clock } from "./clock.js";
import {
  connection,
  INITIAL_CONNECTION,
  phase,
  type Connection,
  type ConnectionSignal,
  type Phase,
} from "./connection.js";
import type { RealtimeOptions } from "./options.js";
import { Outbox } from "./outbox.js";
import {
  clientFrame,
  parseFrame,
  type ChannelName,
  type FeedEvent,
  type Request,
  type ServerFrame,
  type Session,
} from "./protocol.js";
import { httpSnapshots, type LoadSnapshot } from "./snapshots.js";
import { openBrowserSocket, type Socket } from "./socket.js";
import { Tokens, type Token } from "./tokens.js";

const OPEN_DEADLINE_MS = 10_000;
const POLL_MS = 3_000;
const TYPING_PAUSE_MS = 3_000;
/** Without a frame for this many heartbeat intervals the connection counts as dead. */
const SILENT_HEARTBEATS = 2.5;
const NO_AUTH = 4001;
const TOKEN_EXPIRED = 4005;
/** What browsers report when a connection ended without a close frame. */
const ABNORMAL = 1006;

/** Keeps channels flowing over one socket at a time, for as long as it is started. */
export class RealtimeClient {
  readonly #options: RealtimeOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #tokens: Tokens;
  readonly #outbox: Outbox;
  readonly #host: ChannelHost;
  readonly #channels: Channels;
  readonly #listeners = new Set<() => void>();
  readonly #typedAt = new Map<string, number>();
  #connection: Connection = INITIAL_CONNECTION;
  #socket: Socket | null = null;
  /** Tells the current attempt from those that were given up. */
  #attempts = 0;
  #lastFrameAt = 0;
  #lastId = 0;
  #moveAt: number | null = null;
  /** The token that this connection has been given last. */
  #sentToken: string | null = null;
  /** The request to replace it that is not answered yet. */
  #refresh: string | null = null;
  #malformed = 0;
  #deadline: Cancel = nothing;
  #heartbeat: Cancel = nothing;
  #next: Cancel = nothing;

  constructor(options: RealtimeOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#outbox = new Outbox(this.#clock, (frame) => this.#socket?.send(frame));
    this.#tokens = new Tokens(options.token, this.#clock, {
      renewed: (token) => this.#sendFresh(token),
      expiring: () => options.onTokenExpiring?.(),
    });
    const load = options.loadSnapshot ?? this.#snapshotsByHttp();
    this.#host = {
      clock: this.#clock,
      random: this.#random,
      loadSnapshot: (channel, address) => this.#observed(load(channel, address)),
      pollMs: options.pollMs ?? (() => POLL_MS),
      nextId: () => String(++this.#lastId),
      send: (frame) => this.#outbox.send(frame),
    };
    this.#channels = new Channels(this.#host, (channel) => this.#begin(channel));
  }

  /** Replaced, never changed, by each change. */
  get connection(): Connection {
    return this.#connection;
  }

  /** What a person is told of the connection. */
  get phase(): Phase {
    return phase(this.#connection);
  }

  /** Frames that broke the protocol and were ignored. */
  get malformedFrames(): number {
    return this.#malformed;
  }

  /** Tells of every change of the connection but that of `lastUpdate`, which moves with each frame. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Listens to a channel; the first listener opens it, and a moment after the last has gone it is closed. */
  subscribe(name: ChannelName, listener: ChannelListener): () => void {
    return this.#channels.join(name, listener);
  }

  /** The newest event of each key of a state channel that is listened to. The same object until something changes. */
  latest(name: ChannelName): ReadonlyMap<string, FeedEvent> {
    return this.#channels.latest(name);
  }

  start(): void {
    if (this.#connection.link === "idle") {
      this.#attempt();
    }
  }

  /** Ends everything but the subscriptions: what they know is forgotten, and read anew after the next start. */
  stop(): void {
    this.#release();
    this.#next();
    this.#tokens.stop();
    this.#channels.stop();
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
    if (this.#connection.link !== "idle") {
      this.#tokens.ask().then(
        () => this.retryNow(),
        () => this.#tokens.renewLater(),
      );
    }
  }

  /** How an HTTP request of the application went: it decides between polling and offline while there is no stream. */
  apiAnswered(answered: boolean): void {
    this.#signal(answered ? { type: "api_answered", at: this.#clock.now() } : { type: "api_failed" });
  }

  /** Says that this person is typing in a session, at most every 3 s; false if it was not sent. */
  typing(sessionId: string): boolean {
    const now = this.#clock.now();
    this.#typedAt.forEach((at, id) => now - at >= TYPING_PAUSE_MS && this.#typedAt.delete(id));
    if (this.#typedAt.has(sessionId) || !this.#offer(clientFrame.typing(sessionId))) {
      return false;
    }
    this.#typedAt.set(sessionId, now);
    return true;
  }

  /** Asks for a session's state, or that of all active ones; false if there is no stream. */
  requestSessionUpdate(sessionId?: string): boolean {
    return this.#ask("session", sessionId === undefined ? {} : { session_id: sessionId });
  }

  requestQueueUpdate(): boolean {
    return this.#ask("queue", {});
  }

  requestMetricsUpdate(): boolean {
    return this.#ask("metrics", {});
  }

  #ask(what: Request, data: object): boolean {
    return this.#offer(clientFrame.request(this.#host.nextId(), what, data));
  }

  #offer(frame: string): boolean {
    return this.#connection.link === "live" && this.#outbox.offer(frame);
  }

  /** A channel that nobody listened to before. */
  #begin(channel: Channel): void {
    const { link } = this.#connection;
    if (link === "live") {
      channel.open();
    } else if (link !== "idle" && link !== "unauthorised") {
      channel.poll();
    }
  }

  #attempt(): void {
    this.#next();
    this.#moveAt = null;
    this.#signal({ type: "attempt" });
    const attempt = ++this.#attempts;
    const isCurrent = () => attempt === this.#attempts;
    this.#deadline = this.#clock.after(OPEN_DEADLINE_MS, () => this.#lost(ABNORMAL, ""));
    this.#channels.forEach((channel) => channel.poll());
    this.#tokens.valid().then(
      (token) => isCurrent() && this.#connect(token, isCurrent),
      () => isCurrent() && this.#lost(ABNORMAL, "No token could be had."),
    );
  }

  #connect(token: Token | null, isCurrent: () => boolean): void {
    if (token === null) {
      this.#release();
      this.#channels.forEach((channel) => channel.close());
      this.#signal({ type: "token_missing" });
      this.#options.onTokenExpiring?.();
      return;
    }
    try {
      // Handlers of a socket that was given up must not touch its successor.
      this.#socket = (this.#options.openSocket ?? openBrowserSocket)(this.#options.url, {
        opened: () => isCurrent() && this.#authenticate(token),
        message: (data) => isCurrent() && this.#received(parseFrame(data)),
        closed: (code, reason) => isCurrent() && this.#closed(code, reason),
      });
    } catch (failure) {
      this.#lost(ABNORMAL, String(failure));
    }
  }

  #authenticate(token: Token): void {
    this.#signal({ type: "opened" });
    this.#sentToken = token.value;
    this.#outbox.sendNow(clientFrame.auth(token.value));
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
      case "state_empty":
        this.#channels.get(frame.channel)?.empty(frame.key);
        return;
      case "heartbeat":
        if (frame.position !== null) {
          const { position } = frame;
          this.#channels.forEach((channel) => channel.heartbeat(position));
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
        this.#error(frame);
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
    const isOther =
      before.session !== null &&
      (before.session.clientId !== session.clientId || before.session.user !== session.user);
    this.#signal({ type: "authenticated", at: this.#clock.now(), session });
    if (isOther) {
      this.#channels.forEach((channel) => channel.forget());
      this.#options.onIdentityChanged?.();
    }
    if (before.link === "authenticating") {
      this.#deadline();
      this.#beat(session.heartbeatSeconds * 1_000);
      this.#channels.forEach((channel) => channel.open());
    } else {
      this.#refresh = null;
      if (before.session?.roles.join() !== session.roles.join()) {
        this.#channels.forEach((channel) => channel.reopen());
      }
    }
  }

  #error({ id, code, message, channel }: Extract<ServerFrame, { kind: "error" }>): void {
    if (id !== null && id === this.#refresh) {
      if (code === "other_identity") {
        this.#move(); // the person has changed, and a connection belongs to one
        return;
      }
      this.#refresh = null;
      this.#sentToken = null;
      this.#tokens.refused();
      this.#tokens.renewLater();
    }
    const about = this.#channels.find((known) => known.error(id, channel, message));
    // What this server does not offer is no problem of the connection.
    if (code !== "not_available") {
      this.#signal({ type: "problem", problem: about === undefined ? message : `${about.name}: ${message}` });
    }
  }

  #beat(everyMs: number): void {
    this.#heartbeat = this.#clock.after(everyMs, () => {
      if (this.#clock.now() - this.#lastFrameAt > everyMs * SILENT_HEARTBEATS) {
        this.#lost(ABNORMAL, "No sign of life from the server.");
        return;
      }
      this.#outbox.sendNow(clientFrame.heartbeat());
      this.#beat(everyMs);
    });
  }

  #closed(code: number, reason: string): void {
    if (code === TOKEN_EXPIRED && this.#sentToken !== null) {
      this.#tokens.expired(this.#sentToken);
    } else if (code === NO_AUTH) {
      this.#tokens.refused();
    }
    this.#lost(code, reason);
  }

  #lost(code: number, reason: string): void {
    this.#release();
    this.#signal({ type: "closed", at: this.#clock.now(), code, reason });
    this.#channels.forEach((channel) => channel.poll());
    if (this.#connection.link === "waiting") {
      this.#next();
      this.#next = this.#clock.after(this.#delayAfter(code), () => this.#attempt());
    }
  }

  #delayAfter(code: number): number {
    const { failures } = this.#connection;
    if (this.#moveAt !== null) {
      // The server has chosen the delay, so that a gateway's clients spread out.
      return Math.max(0, this.#moveAt - this.#clock.now());
    }
    // With an expired token it is not the network that has to recover.
    return code === TOKEN_EXPIRED && failures <= 1 ? 0 : backoff(failures - 1, this.#random);
  }

  #move(): void {
    this.#release();
    this.#signal({ type: "moved" });
    this.#attempt();
  }

  /** Gives the socket up. Channels that are polled, since it was not live, go on with that. */
  #release(): void {
    this.#attempts++;
    this.#deadline();
    this.#heartbeat();
    this.#outbox.reset();
    this.#refresh = null;
    this.#sentToken = null;
    const socket = this.#socket;
    this.#socket = null;
    if (this.#connection.link === "live") {
      this.#channels.forEach((channel) => channel.close());
    }
    socket?.close();
  }

  #sendFresh(token: Token): void {
    if (this.#connection.link === "live" && token.value !== this.#sentToken) {
      this.#refresh = this.#host.nextId();
      this.#sentToken = token.value;
      this.#outbox.sendNow(clientFrame.refresh(this.#refresh, token.value));
    }
  }

  /** Tells from a snapshot's way whether the API answers. */
  async #observed<T>(answer: Promise<T | null>): Promise<T | null> {
    try {
      const result = await answer;
      if (result !== null) {
        this.apiAnswered(true);
      }
      return result;
    } catch (failure) {
      this.apiAnswered(false);
      throw failure;
    }
  }

  #snapshotsByHttp(): LoadSnapshot {
    const { fetch, snapshotAddress, url } = this.#options;
    return httpSnapshots({
      origin: new URL(url.replace(/^ws/, "http")).origin,
      token: async () => (await this.#tokens.valid())?.value ?? null,
      clock: this.#clock,
      ...(snapshotAddress === undefined ? {} : { address: snapshotAddress }),
      ...(fetch === undefined ? {} : { fetch }),
    });
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
