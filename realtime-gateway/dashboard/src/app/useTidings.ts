import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useRealtimeClient } from "realtime-client/react";
import { usePerson } from "../lib/session";
import { FEED_CHANNELS } from "../parts/feed/context";
import { useToast } from "../ui/Toast";
import { messagesOf, tidingOf, type Tiding } from "./tidings";

/** What comes within this time, in milliseconds, is told together: a storm of events is no storm of messages. */
const TOGETHER_MS = 1_000;
const REMEMBERED = 500;

/** Tells a person what concerns them, wherever they are, unless they look at it. */
export function useTidings(): void {
  const client = useRealtimeClient();
  const person = usePerson();
  const toast = useToast();
  const router = useRouter();
  const latest = useRef({ person, toast });
  useEffect(() => {
    latest.current = { person, toast };
  });
  useEffect(() => {
    const told = new Set<string>();
    let waiting: Tiding[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      timer = undefined;
      const open = router.state.location.pathname;
      const unseen = waiting.filter(({ path }) => path.split("?", 1)[0] !== open);
      waiting = [];
      for (const message of messagesOf(unseen)) {
        latest.current.toast({ ...message, action: { label: "Open", run: () => router.history.push(message.path) } });
      }
    };
    const leave = FEED_CHANNELS.map((channel) =>
      client.subscribe(channel, {
        onEvent: (event) => {
          const tiding = tidingOf(event, latest.current.person, Date.now());
          if (tiding !== null && !told.has(tiding.id)) {
            told.add(tiding.id);
            [...told].slice(0, -REMEMBERED).forEach((old) => told.delete(old));
            waiting.push(tiding);
            timer ??= setTimeout(tell, TOGETHER_MS);
          }
        },
      }),
    );
    return () => {
      clearTimeout(timer);
      leave.forEach((end) => end());
    };
  }, [client, router]);
}
