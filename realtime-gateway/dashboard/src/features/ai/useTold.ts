import { useEffect, useRef, useState } from "react";
import { useRealtimeClient } from "realtime-client/react";
import { soonInBrowser } from "../../parts/feed/store";
import { KEPT_ACTIVITIES, toldBy, type Activity } from "./employees";

/**
 * Hands over the activities that the stream tells, a few times a second at most, as many as are kept.
 *
 * @param employee whose; null for everybody's
 * @returns when the last of them were handed over, in milliseconds since 1970; 0 before the first
 */
export function useTold(employee: string | null, hand: (activities: readonly Activity[]) => void): number {
  const client = useRealtimeClient();
  const [at, setAt] = useState(0);
  const latest = useRef(hand);
  useEffect(() => {
    latest.current = hand;
  });
  useEffect(() => {
    const soon = soonInBrowser();
    let waiting: Activity[] = [];
    let gone = false;
    const flush = () => {
      if (!gone) {
        latest.current(waiting);
        setAt(Date.now());
      }
      waiting = [];
    };
    const leave = client.subscribe("ai", {
      onEvent: (event) => {
        const activity = toldBy(event);
        if (activity === null || (employee !== null && activity.employee !== employee)) {
          return;
        }
        waiting.push(activity);
        if (waiting.length === 1) {
          soon(flush);
        } else if (waiting.length > KEPT_ACTIVITIES) {
          waiting.shift(); // the newest are kept: of a busy moment, or while the page is hidden
        }
      },
    });
    return () => {
      gone = true;
      leave();
    };
  }, [client, employee]);
  return at;
}
