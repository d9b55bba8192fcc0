/** A client of realtime protocol version 1: it knows neither React nor this application. */
export { RealtimeClient, type RealtimeOptions, type Token } from "./client";
export { INITIAL_CONNECTION, phase, type Connection, type Phase } from "./connection";
export { parsePosition, type Position } from "./position";
export type { Data, FeedEvent, Session } from "./protocol";
export { openBrowserSocket, type OpenSocket, type Socket, type SocketHandlers } from "./socket";
export { systemClock, type Cancel, type Clock } from "./clock";
