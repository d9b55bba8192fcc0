/** The client for React: a provider, and a hook for each thing that a dashboard shows live. */
export { RealtimeProvider, useRealtimeClient } from "./RealtimeProvider.js";
export type { ChannelData } from "./channelData.js";
export {
  useAgentStatusUpdates,
  useConnection,
  useLiveMetrics,
  useQueueUpdates,
  useRealtimeDashboard,
  useRealtimeData,
  useSessionUpdates,
  type RealtimeDashboard,
  type States,
} from "./hooks.js";
