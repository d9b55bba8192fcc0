import { systemClock, type Clock } from "./clock.js";
import { parsePosition, type Position } from "./position.js";

/** A channel's state as it was read by HTTP. */
export interface Snapshot {
  readonly body: unknown;
  /** Everything up to here is in it. Null if the server did not say. */
  readonly position: Position | null;
}

/**
 * Reads a channel's state, at `address` if the server named one; null if the channel has none. A rejection means "try
 * again": it is repeated with backoff.
 */
export type LoadSnapshot = (channel: string, address: string | null) => Promise<Snapshot | null>;

export interface HttpSnapshotOptions {
  /** Where the API is, for example `https://desk.example`. No other origin is ever sent the token. */
  readonly origin: string;
  readonly token: () => Promise<string | null>;
  /** The path of a channel's snapshot, or null if it has none. */
  readonly address?: (channel: string) => string | null;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
}

const DEADLINE_MS = 15_000;

/** Reads snapshots from the gateway's REST API. */
export function httpSnapshots(options: HttpSnapshotOptions): LoadSnapshot {
  return async (channel, named) => {
    const address = named ?? (options.address ?? snapshotAddress)(channel);
    const url = address === null ? null : ownUrl(address, options.origin);
    if (url === null) {
      return null;
    }
    const token = await options.token();
    const deadline = new AbortController();
    const cancel = (options.clock ?? systemClock).after(DEADLINE_MS, () => deadline.abort());
    try {
      const response = await (options.fetch ?? fetch)(url, {
        headers: { Accept: "application/json", ...(token === null ? {} : { Authorization: `Bearer ${token}` }) },
        signal: deadline.signal,
        cache: "no-store",
        redirect: "error",
      });
      if (response.ok) {
        return { body: await response.json(), position: parsePosition(response.headers.get("Feed-Position")) };
      }
      if (isFinal(response.status)) {
        return null; // asking again would get the same answer, and the stream is worth having without a snapshot
      }
      throw new Error(`The snapshot of ${channel} could not be read (${response.status}).`);
    } finally {
      cancel();
    }
  };
}

/** Where the platform serves a channel's snapshot. */
export function snapshotAddress(channel: string): string | null {
  if (channel === "tickets" || channel === "approvals" || channel === "actions") {
    return `/api/v1/${channel}`;
  }
  return channel.startsWith("ticket:") ? `/api/v1/tickets/${encodeURIComponent(channel.slice("ticket:".length))}` : null;
}

/** The server names snapshots by path. What leads elsewhere must not be sent a token. */
function ownUrl(address: string, origin: string): string | null {
  const url = new URL(address, origin);
  return url.origin === new URL(origin).origin && url.pathname.startsWith("/api/") ? url.href : null;
}

function isFinal(status: number): boolean {
  // A token may be replaced, and a limit ends.
  return status >= 400 && status < 500 && ![401, 408, 429].includes(status);
}
