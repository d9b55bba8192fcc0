import type { Position } from "./position.js";

/** Channels where only the newest event of each key counts: they are neither replayed nor chained by `prev`. */
const STATE_CHANNELS: ReadonlySet<string> = new Set(["sessions", "queue", "agents", "metrics", "services"]);

export type StateChannel = "sessions" | "queue" | "agents" | "metrics" | "services";
export type EventChannel = "tickets" | `ticket:${string}` | "approvals" | "actions" | "messages" | "ai" | "me";
/** Every channel of the protocol. The client (tenant) comes from the token. */
export type ChannelName = StateChannel | EventChannel;

export function isStateChannel(channel: string): channel is StateChannel {
  return STATE_CHANNELS.has(channel);
}

/** The members of a frame's `data`: never trusted to have a shape. */
export type Data = Readonly<Record<string, unknown>>;

/** Who the server says this connection belongs to. */
export interface Session {
  readonly clientId: string;
  readonly user: string;
  readonly roles: readonly string[];
  readonly connectionId: string | null;
  readonly heartbeatSeconds: number;
}

/** One event of a channel. An event without a position is ephemeral: it is neither replayed nor counted. */
export interface FeedEvent {
  readonly kind: "event";
  /** The event's name in snake_case, for example `ticket_classified`. */
  readonly type: string;
  readonly channel: string;
  readonly position: Position | null;
  readonly prev: number | null;
  /** RFC 3339, as sent. */
  readonly time: string | null;
  /** The id of the entity that the event is about. */
  readonly key: string | null;
  readonly snapshot: boolean;
  readonly data: Data;
}

export type ServerFrame =
  | { readonly kind: "auth_success"; readonly session: Session }
  | {
      readonly kind: "subscribed";
      readonly id: string | null;
      readonly channel: string;
      readonly position: Position | null;
      readonly recovered: boolean;
    }
  | { readonly kind: "resync"; readonly channel: string; readonly reason: string; readonly snapshot: string | null }
  /** Nothing is reported on a state channel, or on the one key that was asked for. */
  | { readonly kind: "state_empty"; readonly channel: string; readonly key: string | null }
  | { readonly kind: "reconnect"; readonly afterMs: number; readonly reason: string }
  | { readonly kind: "heartbeat"; readonly position: Position | null }
  | {
      readonly kind: "error";
      /** The request that it answers, if it answers one. */
      readonly id: string | null;
      readonly code: string;
      readonly message: string;
      readonly channel: string | null;
    }
  | FeedEvent
  /** Well formed, but of a later protocol: to be ignored. */
  | { readonly kind: "unknown"; readonly type: string }
  /** Breaks the protocol: to be ignored and counted. */
  | { readonly kind: "malformed"; readonly why: string };

const DEFAULT_HEARTBEAT_SECONDS = 30;
const LONGEST_RECONNECT_MS = 300_000;

/** Reads one message of the server. Never throws: whatever cannot be read is `malformed`. */
export function parseFrame(message: unknown): ServerFrame {
  if (typeof message !== "string") {
    return malformed("not a text frame");
  }
  let frame: unknown;
  try {
    frame = JSON.parse(message);
  } catch {
    return malformed("not JSON");
  }
  if (!isData(frame)) {
    return malformed("not an object");
  }
  const type = text(frame["type"]);
  if (type === null) {
    return malformed("no type");
  }
  const data = isData(frame["data"]) ? frame["data"] : {};
  switch (type) {
    case "auth_success":
      return authSuccess(data);
    case "subscribed": {
      const channel = text(data["channel"]);
      return channel === null
        ? malformed("subscribed without channel")
        : {
            kind: "subscribed",
            id: text(frame["id"]),
            channel,
            position: position(data),
            recovered: data["recovered"] === true,
          };
    }
    case "resync": {
      const channel = text(frame["channel"]) ?? text(data["channel"]);
      return channel === null
        ? malformed("resync without channel")
        : { kind: "resync", channel, reason: text(data["reason"]) ?? "unknown", snapshot: text(data["snapshot"]) };
    }
    case "state_empty": {
      const channel = text(frame["channel"]);
      return channel === null
        ? malformed("state_empty without channel")
        : { kind: "state_empty", channel, key: text(frame["key"]) };
    }
    case "reconnect": {
      const afterMs = typeof data["after_ms"] === "number" ? data["after_ms"] : 0;
      return {
        kind: "reconnect",
        afterMs: Math.min(Math.max(afterMs, 0), LONGEST_RECONNECT_MS),
        reason: text(data["reason"]) ?? "unknown",
      };
    }
    case "heartbeat":
      return { kind: "heartbeat", position: position(frame) };
    case "error":
      return {
        kind: "error",
        id: text(frame["id"]),
        code: text(data["code"]) ?? "unknown",
        message: text(data["message"]) ?? "The server reported an error.",
        channel: text(data["channel"]),
      };
    default:
      return event(type, frame, data);
  }
}

/** What a server can be asked to send now. */
export type Request = "session" | "queue" | "metrics";

/** The frames that a client sends. The token goes into a frame and never into an address. */
export const clientFrame = {
  auth: (token: string) => JSON.stringify({ type: "auth", data: { token } }),
  refresh: (id: string, token: string) => JSON.stringify({ type: "refresh", id, data: { token } }),
  subscribe: (id: string, channel: string, resume: Position | null) =>
    JSON.stringify({ type: "subscribe", id, data: resume === null ? { channel } : { channel, resume } }),
  unsubscribe: (id: string, channel: string) => JSON.stringify({ type: "unsubscribe", id, data: { channel } }),
  heartbeat: () => JSON.stringify({ type: "heartbeat" }),
  typing: (sessionId: string) => JSON.stringify({ type: "typing", data: { session_id: sessionId } }),
  request: (id: string, what: Request, data: object) => JSON.stringify({ type: `request_${what}_update`, id, data }),
} as const;

function authSuccess(data: Data): ServerFrame {
  const clientId = text(data["client_id"]);
  const user = text(data["user"]);
  if (clientId === null || user === null) {
    return malformed("auth_success without client_id or user");
  }
  const roles = Array.isArray(data["roles"]) ? data["roles"].filter((role) => typeof role === "string") : [];
  const seconds = data["heartbeat_seconds"];
  return {
    kind: "auth_success",
    session: {
      clientId,
      user,
      roles,
      connectionId: text(data["connection_id"]),
      heartbeatSeconds: typeof seconds === "number" && seconds >= 1 ? seconds : DEFAULT_HEARTBEAT_SECONDS,
    },
  };
}

function event(type: string, frame: Data, data: Data): ServerFrame {
  const channel = text(frame["channel"]);
  if (channel === null) {
    return { kind: "unknown", type };
  }
  const at = position(frame);
  if (at === null && (frame["offset"] !== undefined || frame["epoch"] !== undefined)) {
    return malformed("event with half a position");
  }
  return {
    kind: "event",
    type,
    channel,
    position: at,
    prev: isOffset(frame["prev"]) ? frame["prev"] : null,
    time: text(frame["time"]),
    key: text(frame["key"]),
    snapshot: frame["snapshot"] === true,
    data,
  };
}

function position(data: Data): Position | null {
  const epoch = text(data["epoch"]);
  const offset = data["offset"];
  return epoch !== null && isOffset(offset) ? { epoch, offset } : null;
}

// Before the first record of a feed its position is -1 or 0, depending on how it is counted.
function isOffset(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= -1;
}

function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function malformed(why: string): ServerFrame {
  return { kind: "malformed", why };
}
