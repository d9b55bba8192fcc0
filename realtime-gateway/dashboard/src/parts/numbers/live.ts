import { useCallback, useRef } from "react";
import type { FeedEvent } from "realtime-client";
import { useLiveMetrics } from "realtime-client/react";
import { instant } from "../../lib/format";
import { text } from "../../lib/json";
import { countsOf, type Counts, type Stats } from "./stats";

/** The key of the record that tells the client's numbers (`MetricsUpdated`), on the channel `metrics`. */
const KEY = "tickets";

/** For a view's `matters`: whether the numbers have changed; unchanged ones are told again now and then. */
export function useNewNumbers(): (event: FeedEvent) => boolean {
  const last = useRef<unknown>(undefined);
  return useCallback(({ key, data }: FeedEvent) => {
    const version = key === KEY ? data["version"] : undefined;
    if (version === undefined) {
      return true;
    }
    const isNew = version !== last.current;
    last.current = version;
    return isNew;
  }, []);
}

/** How the tickets stand: as the stream told last, unless what was read is newer. */
export function useCountsNow(read: Stats | undefined): Counts | undefined {
  const { metrics } = useLiveMetrics();
  const told = metrics.get(KEY)?.data;
  const at = instant(text(told?.["timestamp"]));
  return told === undefined || read === undefined || at === null || (read.generated ?? 0) >= at ? read?.now : countsOf(told["counts"]);
}
