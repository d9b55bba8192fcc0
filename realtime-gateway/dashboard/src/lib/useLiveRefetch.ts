import { useEffect, useRef } from "react";
import type { ChannelName, FeedEvent } from "realtime-client";
import { useRealtimeClient } from "realtime-client/react";
import { coalesce } from "./coalesce";

export interface LiveOptions {
  /** The channels whose events mean that the data has changed. */
  readonly live: readonly ChannelName[];
  /** Which of their events matter; all by default. */
  readonly matters?: ((event: FeedEvent) => boolean) | undefined;
  /** The least time between two runs, in milliseconds. */
  readonly minGap: number;
  readonly enabled: boolean;
}

/** Runs a task whenever one of the channels says that something has changed: at once, then no sooner than `minGap`. */
export function useLiveRefetch(task: () => Promise<unknown>, { live, matters, minGap, enabled }: LiveOptions): void {
  const client = useRealtimeClient();
  const latest = useRef({ task, matters });
  useEffect(() => {
    latest.current = { task, matters };
  });
  const channels = live.join(" ");
  useEffect(() => {
    if (!enabled || channels === "") {
      return undefined;
    }
    const again = coalesce(() => latest.current.task(), minGap);
    const leave = channels.split(" ").map((channel) =>
      client.subscribe(channel as ChannelName, {
        onEvent: (event) => {
          if (latest.current.matters?.(event) ?? true) {
            again();
          }
        },
        onGap: again,
      }),
    );
    return () => leave.forEach((end) => end());
  }, [client, channels, minGap, enabled]);
}
