import { QueryClient } from "@tanstack/react-query";
import { RealtimeClient, retryWhenOnline, type OpenSocket, type Position, type Snapshot } from "realtime-client";
import { PENDING_APPROVALS, pendingApprovals } from "../features/approvals/approvals";
import { FeedStore } from "../features/feed/store";
import type { SessionStore } from "../features/session/session";
import { createApi, type Api } from "../lib/api";
import { coalesce } from "../lib/coalesce";
import { itemsOf } from "../lib/json";
import { ProblemError } from "../lib/problem";

export const CHANNELS = ["tickets", "approvals", "actions"] as const;
/** How often states are read while there is no stream, in milliseconds. */
export const POLL_MS = 3_000;

const RECENT_TICKETS = "/api/v1/tickets?limit=50";
const APPROVALS_PAUSE_MS = 250;

/** Everything that lives as long as one person is signed in. */
export interface Console {
  readonly api: Api;
  readonly feed: FeedStore;
  readonly queries: QueryClient;
  readonly realtime: RealtimeClient;
  /** Starts the stream; the result stops it and drops all that was read. */
  readonly start: () => () => void;
}

export function createConsole(sessions: SessionStore, streamUrl: string, openSocket?: OpenSocket): Console {
  const feed = new FeedStore();
  const queries = new QueryClient({
    defaultOptions: { queries: { staleTime: 30_000, retry: 1, refetchOnWindowFocus: false, networkMode: "always" } },
  });
  const api = createApi({
    token: () => sessions.token()?.value ?? null,
    onAnswered: (answered) => realtime.apiAnswered(answered),
    onUnauthorised: () => sessions.ending(),
  });

  const readList = async (channel: string, path: string) => {
    const { body, position } = await api.get(path);
    feed.dispatch({ type: "states", channel, items: itemsOf(body), position, at: Date.now() });
    return position;
  };
  const readState = (channel: string, address: string | null): Promise<Position | null> | null => {
    switch (channel) {
      case "tickets":
        return readList(channel, RECENT_TICKETS);
      case "approvals":
        return queries.fetchQuery({ ...pendingApprovals(api), staleTime: 0 }).then(({ position }) => position);
      default:
        // Actions have no list of their own on this page: it takes a gap for the server to name one.
        return address !== null && isOwnApi(address) ? readList(channel, address) : null;
    }
  };
  const loadSnapshot = async (channel: string, address: string | null): Promise<Snapshot | null> => {
    try {
      const position = readState(channel, address);
      return position === null ? null : { body: null, position: await position };
    } catch (failure) {
      if (failure instanceof ProblemError && failure.status >= 400 && failure.status < 500 && failure.status !== 429) {
        return null; // asking again would get the same answer, and the stream is worth having without a snapshot
      }
      throw failure;
    }
  };
  const refetchApprovals = coalesce(() => queries.invalidateQueries({ queryKey: PENDING_APPROVALS }), APPROVALS_PAUSE_MS);

  const realtime = new RealtimeClient({
    url: streamUrl,
    token: () => sessions.token(),
    loadSnapshot,
    pollMs: () => POLL_MS,
    onTokenExpiring: () => sessions.ending(),
    onIdentityChanged: () => {
      feed.dispatch({ type: "reset" });
      queries.clear();
    },
    ...(openSocket === undefined ? {} : { openSocket }),
  });

  const start = () => {
    let token = sessions.token()?.value;
    const unwatch = sessions.subscribe(() => {
      const next = sessions.token()?.value;
      if (next !== token) {
        token = next;
        realtime.tokenChanged();
      }
    });
    const leave = CHANNELS.map((channel) =>
      realtime.subscribe(channel, {
        onEvent: (event) => {
          feed.push(event);
          if (channel === "approvals") {
            refetchApprovals();
          }
        },
        onGap: (reason) => feed.dispatch({ type: "gap", channel, reason, at: Date.now() }),
      }),
    );
    const unwatchNetwork = retryWhenOnline(realtime);
    realtime.start();
    return () => {
      unwatchNetwork();
      unwatch();
      leave.forEach((end) => end());
      realtime.stop();
      feed.dispatch({ type: "reset" });
      queries.clear();
    };
  };
  return { api, feed, queries, realtime, start };
}

/** The server names snapshots by path. Anything else must not be sent a token. */
function isOwnApi(address: string): boolean {
  return /^\/api\/v1\/[\w\-./?=&:]*$/.test(address) && !address.includes("..");
}
