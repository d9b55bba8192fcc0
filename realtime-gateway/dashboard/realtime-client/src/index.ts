/** A client of realtime protocol version 1: it knows neither React nor any application. */
export type { ChannelListener } from "./audience.js";
export { RealtimeClient } from "./client.js";
export { systemClock, type Cancel, type Clock } from "./clock.js";
export { INITIAL_CONNECTION, phase, type Connection, type Phase } from "./connection.js";
export { retryWhenOnline } from "./network.js";
export type { RealtimeOptions } from "./options.js";
export { parsePosition, type Position } from "./position.js";
export {
  isStateChannel,
  type ChannelName,
  type Data,
  type EventChannel,
  type FeedEvent,
  type Session,
  type StateChannel,
} from "./protocol.js";
export { httpSnapshots, snapshotAddress, type HttpSnapshotOptions, type LoadSnapshot, type Snapshot } from "./snapshots.js";
export { openBrowserSocket, socketsOf, type OpenSocket, type Socket, type SocketHandlers, type WebSocketLike } from "./socket.js";
export type { Token, TokenProvider } from "./tokens.js";
