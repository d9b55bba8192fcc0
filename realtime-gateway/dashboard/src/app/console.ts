import { QueryClient } from "@tanstack/react-query";
import { PENDING_APPROVALS, pendingApprovals } from "../features/approvals/approvals";
import { FeedStore } from "../features/feed/store";
import type { SessionStore } from "../features/session/session";
import { createApi, type Api } from "../lib/api";
import { coalesce } from "../lib/coalesce";
import { itemsOf } from "../lib/json";
import { ProblemError } from "../lib/problem";
import { RealtimeClient, type OpenSocket, type Position } from "../realtime";

export const CHANNELS = ["tickets", "approvals", "actions"] as const;

const RECENT_TICKETS = "/api/v1/tickets?limit=50";
const APPROVALS_PAUSE_MS = 250;

/** Everything that lives as long as one person is signed in. */
export interface Console {
  readonly api: Api;
  readonly feed: FeedStore;
  readonly queries: QueryClient;
  readonly realtime: RealtimeClient;
  /** Reads the recent tickets into the list. */
  readonly readTickets: () => Promise<Position | null>;
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
  const readTickets = () => readList("tickets", RECENT_TICKETS);
  const loadSnapshot = async (channel: string, address: string | null): Promise<Position | null> => {
    try {
      switch (channel) {
        case "tickets":
          return await readTickets();
        case "approvals":
          return (await queries.fetchQuery({ ...pendingApprovals(api), staleTime: 0 })).position;
        default:
          // Actions have no list of their own on this page: it takes a gap for the server to name one.
          return address !== null && isOwnApi(address) ? await readList(channel, address) : null;
      }
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
    channels: CHANNELS,
    token: () => sessions.token(),
    loadSnapshot,
    onEvent: (event) => {
      feed.push(event);
      if (event.channel === "approvals") {
        refetchApprovals();
      }
    },
    onGap: (channel, reason) => feed.dispatch({ type: "gap", channel, reason, at: Date.now() }),
    onTokenExpiring: () => sessions.ending(),
    onClientChanged: () => {
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
    const online = () => realtime.retryNow();
    window.addEventListener("online", online);
    realtime.start();
    return () => {
      window.removeEventListener("online", online);
      unwatch();
      realtime.stop();
      feed.dispatch({ type: "reset" });
      queries.clear();
    };
  };
  return { api, feed, queries, realtime, readTickets, start };
}

/** The server names snapshots by path. Anything else must not be sent a token. */
function isOwnApi(address: string): boolean {
  return /^\/api\/v1\/[\w\-./?=&:]*$/.test(address) && !address.includes("..");
}
