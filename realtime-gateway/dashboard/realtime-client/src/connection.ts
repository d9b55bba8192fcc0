import type { Session } from "./protocol.js";

/**
 * Where the socket stands.
 * - `idle`: not started, or stopped
 * - `opening`, `authenticating`, `live`: one socket
 * - `waiting`: lost, the next attempt is scheduled
 * - `unauthorised`: there is no valid token, so an attempt would be pointless until a new one is given
 * - `refused`: the server refused for good (44xx), so no attempt is made until something changes
 */
export type Link = "idle" | "opening" | "authenticating" | "live" | "waiting" | "unauthorised" | "refused";

/** What a person is told: events arrive live, or the API is asked repeatedly, or neither works. */
export type Phase = "connecting" | "live" | "polling" | "offline";

export interface Connection {
  readonly link: Link;
  /** Whether the HTTP API answered when it was last asked. Not known right after a start or a loss. */
  readonly api: "unknown" | "reachable" | "unreachable";
  /** Losses and failed attempts in a row. */
  readonly failures: number;
  /** Kept over losses: a list stays attributed while the connection is away. */
  readonly session: Session | null;
  /** When the current socket became live, in milliseconds since 1970. */
  readonly liveSince: number | null;
  /** When anything last came from the server, by socket or API, in milliseconds since 1970. */
  readonly lastUpdate: number | null;
  /** Why the link is down, in words. */
  readonly problem: string | null;
}

export type ConnectionSignal =
  | { readonly type: "attempt" }
  | { readonly type: "opened" }
  | { readonly type: "authenticated"; readonly at: number; readonly session: Session }
  | { readonly type: "received"; readonly at: number }
  | { readonly type: "problem"; readonly problem: string }
  | { readonly type: "closed"; readonly at: number; readonly code: number; readonly reason: string }
  /** The server asked for another connection: this end is not a failure. */
  | { readonly type: "moved" }
  | { readonly type: "token_missing" }
  | { readonly type: "api_answered"; readonly at: number }
  | { readonly type: "api_failed" }
  | { readonly type: "stopped" };

export const INITIAL_CONNECTION: Connection = {
  link: "idle",
  api: "unknown",
  failures: 0,
  session: null,
  liveSince: null,
  lastUpdate: null,
  problem: null,
};

/** A connection that lived this long, in milliseconds, was a good one: the next loss starts the backoff anew. */
export const STEADY_MS = 10_000;

export function connection(state: Connection, signal: ConnectionSignal): Connection {
  switch (signal.type) {
    case "attempt":
      return hasSocket(state.link) ? state : { ...state, link: "opening" };
    case "opened":
      return state.link === "opening" ? { ...state, link: "authenticating" } : state;
    case "authenticated":
      return authenticated(state, signal);
    case "received":
      return state.link === "live" ? { ...state, lastUpdate: signal.at } : state;
    case "problem":
      return { ...state, problem: signal.problem };
    case "closed":
      return hasSocket(state.link) ? closed(state, signal) : state;
    case "moved":
      return hasSocket(state.link) ? { ...withoutSocket(state), link: "waiting" } : state;
    case "token_missing":
      return { ...withoutSocket(state), link: "unauthorised", problem: "The session has ended." };
    case "api_answered":
      return state.link === "idle" ? state : { ...state, api: "reachable", lastUpdate: signal.at };
    case "api_failed":
      return state.link === "idle" ? state : { ...state, api: "unreachable" };
    case "stopped":
      return INITIAL_CONNECTION;
  }
}

/** So many failures in a row mean offline where nothing is read from the API, as does a refusal. */
const OFFLINE_AFTER = 3;

export function phase(state: Connection): Phase {
  if (state.link === "live") {
    return "live";
  }
  switch (state.api) {
    case "unknown":
      return state.link === "refused" || state.failures >= OFFLINE_AFTER ? "offline" : "connecting";
    case "reachable":
      return "polling";
    case "unreachable":
      return "offline";
  }
}

/** Whether a close code says that trying again unchanged is pointless. */
export function isRefusal(code: number): boolean {
  // 1008 policy violation and 1009 message too big would come again just the same.
  return (code >= 4400 && code <= 4499) || code === 1008 || code === 1009;
}

function authenticated(state: Connection, { at, session }: { at: number; session: Session }): Connection {
  if (state.link === "live") {
    // A refreshed token may carry other roles.
    return { ...state, session, lastUpdate: at, problem: null };
  }
  return state.link === "authenticating"
    ? { ...state, link: "live", session, liveSince: at, lastUpdate: at, problem: null }
    : state;
}

function closed(state: Connection, { at, code, reason }: { at: number; code: number; reason: string }): Connection {
  const wasSteady = state.liveSince !== null && at - state.liveSince >= STEADY_MS;
  const down = withoutSocket(state);
  if (isRefusal(code)) {
    return { ...down, link: "refused", problem: reason || down.problem || `The server refused the connection (${code}).` };
  }
  return {
    ...down,
    link: "waiting",
    failures: wasSteady ? 1 : state.failures + 1,
    problem: reason || down.problem,
  };
}

/** After a loss nobody knows yet whether the API still answers. */
function withoutSocket(state: Connection): Connection {
  return state.link === "live" ? { ...state, liveSince: null, api: "unknown" } : { ...state, liveSince: null };
}

function hasSocket(link: Link): boolean {
  return link === "opening" || link === "authenticating" || link === "live";
}
