import type { Clock } from "./clock.js";
import type { LoadSnapshot } from "./snapshots.js";
import type { OpenSocket } from "./socket.js";
import type { TokenProvider } from "./tokens.js";

/** What a client is made of, and what it tells the application of itself. */
export interface RealtimeOptions {
  /** `ws:` or `wss:` address of the stream. */
  readonly url: string;
  readonly token: TokenProvider;
  /** How snapshots are read. By default from the REST API of the host in `url`. */
  readonly loadSnapshot?: LoadSnapshot;
  /** The path of a channel's snapshot for the default `loadSnapshot`, or null if it has none. */
  readonly snapshotAddress?: (channel: string) => string | null;
  /** How often a channel's snapshot is read while there is no stream, in milliseconds. By default every 3 s. */
  readonly pollMs?: (channel: string) => number;
  /** The token is about to expire, or already has, and the provider has no other. Answered by `tokenChanged`. */
  readonly onTokenExpiring?: () => void;
  /** The connection belongs to another client or person than the one before, so everything shown must go. */
  readonly onIdentityChanged?: () => void;
  readonly openSocket?: OpenSocket;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** A number in [0, 1). */
  readonly random?: () => number;
}
