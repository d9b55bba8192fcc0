import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { RealtimeClient } from "../client.js";
import { phase, type Connection, type Phase } from "../connection.js";
import type { EventChannel, FeedEvent, StateChannel } from "../protocol.js";
import { ChannelDataStore, type ChannelData } from "./channelData.js";
import { useRealtimeClient } from "./RealtimeProvider.js";

const KEPT_EVENTS = 100;
/** Many events within one frame make one rendering, in milliseconds. */
const FRAME_MS = 16;

/** The newest event of each key of a state channel. */
export type States = ReadonlyMap<string, FeedEvent>;

/** The connection of a client, which need not be that of a provider. */
export function useConnection(client: RealtimeClient): Connection {
  return useSyncExternalStore(
    useCallback((notify) => client.watch(notify), [client]),
    () => client.connection,
  );
}

/** An event channel: its snapshot, and the newest events since. */
export function useRealtimeData(channel: EventChannel, keep: number = KEPT_EVENTS): ChannelData {
  const client = useRealtimeClient();
  // The channel and client are what the store is for, though it does not name them.
  const store = useMemo(() => new ChannelDataStore(keep), [client, channel, keep]);
  const subscribe = useCallback(
    (notify: () => void) => {
      const frame = oncePerFrame(notify);
      const leave = client.subscribe(channel, store.listener(frame.due));
      return () => {
        frame.cancel();
        leave();
      };
    },
    [client, channel, store],
  );
  return useSyncExternalStore(subscribe, store.data);
}

/** The sessions of the desk by id, and a way to ask for them now. */
export function useSessionUpdates(): { sessions: States; request: (sessionId?: string) => boolean } {
  const client = useRealtimeClient();
  const request = useCallback((sessionId?: string) => client.requestSessionUpdate(sessionId), [client]);
  return { sessions: useStates("sessions"), request };
}

/** The waiting queue, and a way to ask for it now. */
export function useQueueUpdates(): { queue: States; request: () => boolean } {
  const client = useRealtimeClient();
  return { queue: useStates("queue"), request: useCallback(() => client.requestQueueUpdate(), [client]) };
}

/** What each agent of the desk is doing. */
export function useAgentStatusUpdates(): States {
  return useStates("agents");
}

/** The client's numbers as they change, and a way to ask for them now. */
export function useLiveMetrics(): { metrics: States; request: () => boolean } {
  const client = useRealtimeClient();
  return { metrics: useStates("metrics"), request: useCallback(() => client.requestMetricsUpdate(), [client]) };
}

/** Everything that a dashboard of the desk shows live, and how well it is connected. */
export interface RealtimeDashboard {
  readonly phase: Phase;
  readonly connection: Connection;
  readonly sessions: States;
  readonly queue: States;
  readonly agents: States;
  readonly metrics: States;
  /** Tries to connect at once, also after the server has refused. */
  readonly retryNow: () => void;
}

export function useRealtimeDashboard(): RealtimeDashboard {
  const client = useRealtimeClient();
  const connection = useConnection(client);
  const { sessions } = useSessionUpdates();
  const { queue } = useQueueUpdates();
  const agents = useAgentStatusUpdates();
  const { metrics } = useLiveMetrics();
  const retryNow = useCallback(() => client.retryNow(), [client]);
  return { phase: phase(connection), connection, sessions, queue, agents, metrics, retryNow };
}

function useStates(channel: StateChannel): States {
  const client = useRealtimeClient();
  const subscribe = useCallback(
    (notify: () => void) => {
      const frame = oncePerFrame(notify);
      const leave = client.subscribe(channel, { onEvent: frame.due, onEmpty: frame.due, onReset: frame.due });
      return () => {
        frame.cancel();
        leave();
      };
    },
    [client, channel],
  );
  return useSyncExternalStore(subscribe, () => client.latest(channel));
}

function oncePerFrame(notify: () => void): { due: () => void; cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    due: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        notify();
      }, FRAME_MS);
    },
    // Whoever has left is not told any more.
    cancel: () => clearTimeout(timer),
  };
}
