import { QueryClient } from "@tanstack/react-query";
import { RealtimeClient, type OpenSocket, type Position, type Snapshot } from "realtime-client";
import { PENDING_APPROVALS, pauseOf, pendingApprovals, type PendingApprovals } from "../parts/approval/approvals";
import { createApi, type Api } from "../lib/api";
import { coalesce } from "../lib/coalesce";
import { itemsOf } from "../lib/json";
import { ProblemError } from "../lib/problem";
import { FEED_CHANNELS } from "../parts/feed/context";
import { FeedStore } from "../parts/feed/store";
import { DownServices } from "./health";
import type { SessionStore } from "./session/session";

/** How often what waits or is at work is read while there is no stream, in milliseconds. */
const POLL_MS = 3_000;
/** How often the list of events is filled from the API then. */
const LIST_POLL_MS = 10_000;

const RECENT_TICKETS = "/api/v1/tickets?limit=50";

/** Everything that lives as long as one person is signed in. */
export interface Console {
  readonly api: Api;
  readonly feed: FeedStore;
  readonly queries: QueryClient;
  readonly realtime: RealtimeClient;
  readonly down: DownServices;
  /** Follows the session and fills the feed; the result ends that and drops all that was read. */
  readonly start: () => () => void;
}

export function createConsole(sessions: SessionStore, streamUrl: string, openSocket?: OpenSocket): Console {
  const feed = new FeedStore();
  const down = new DownServices();
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 1 && isWorthRepeating(error),
        refetchOnWindowFocus: false,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
  const api = createApi({
    token: () => sessions.token()?.value ?? null,
    onAnswered: (answered) => realtime.apiAnswered(answered),
    onUnauthorised: () => sessions.ending(),
    onServiceDown: (service) => down.reported(service),
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
  const pauseOfQueue = () => pauseOf(queries.getQueryData<PendingApprovals>(PENDING_APPROVALS));
  const refetchApprovals = coalesce(() => queries.invalidateQueries({ queryKey: PENDING_APPROVALS }), pauseOfQueue);

  const realtime = new RealtimeClient({
    url: streamUrl,
    token: () => sessions.token(),
    loadSnapshot,
    pollMs: (channel) => (channel === "approvals" ? Math.max(POLL_MS, pauseOfQueue()) : LIST_POLL_MS),
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
    const leave = FEED_CHANNELS.map((channel) =>
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
    return () => {
      unwatch();
      leave.forEach((end) => end());
      feed.dispatch({ type: "reset" });
      queries.clear();
    };
  };
  return { api, feed, queries, realtime, down, start };
}

/** What another attempt may mend: no answer, a service that is coming up, a limit that ends. */
function isWorthRepeating(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

/** The server names snapshots by path. Anything else must not be sent a token. */
function isOwnApi(address: string): boolean {
  return /^\/api\/v1\/[\w\-./?=&:]*$/.test(address) && !address.includes("..");
}
