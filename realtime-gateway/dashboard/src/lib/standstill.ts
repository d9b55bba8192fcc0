import { createContext, use } from "react";
import { phase } from "realtime-client";
import { useConnection, useRealtimeClient } from "realtime-client/react";

/** The gateway is not told what happens: the stream is open, and nothing can come over it. */
export interface Standstill {
  /** When it was last told, in milliseconds since 1970; null if that is not known. */
  readonly since: number | null;
}

/** Of the frame, which watches the gateway's health. Null while events come, or nothing else is known. */
export const StandstillContext = createContext<Standstill | null>(null);

export function useStandstill(): Standstill | null {
  return use(StandstillContext);
}

/** Whether changes arrive as they happen; a view is read again at its own pace else. */
export function useIsLive(): boolean {
  const isOpen = phase(useConnection(useRealtimeClient())) === "live";
  return useStandstill() === null && isOpen;
}

/** `the feed stands still since 12:03`, for after a comma or as a sentence of its own. */
export function standstillInWords({ since }: Standstill): string {
  return `the feed stands still${since === null ? "" : ` since ${hourAndMinute(since)}`}`;
}

function hourAndMinute(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
