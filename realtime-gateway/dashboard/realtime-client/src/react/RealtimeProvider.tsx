import { createContext, use, useEffect, type ReactNode } from "react";
import type { RealtimeClient } from "../client.js";
import { retryWhenOnline } from "../network.js";

const RealtimeContext = createContext<RealtimeClient | null>(null);

/** Gives a client to the hooks below it, and runs it as long as it is mounted. */
export function RealtimeProvider({ client, children }: { client: RealtimeClient; children: ReactNode }) {
  useEffect(() => {
    client.start();
    const unwatch = retryWhenOnline(client);
    return () => {
      unwatch();
      client.stop();
    };
  }, [client]);
  return <RealtimeContext value={client}>{children}</RealtimeContext>;
}

export function useRealtimeClient(): RealtimeClient {
  const client = use(RealtimeContext);
  if (client === null) {
    throw new Error("Realtime hooks need a RealtimeProvider around them");
  }
  return client;
}
