import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { phase } from "realtime-client";
import { useConnection } from "realtime-client/react";
import { ProblemError } from "../lib/problem";
import { Button } from "../ui/Button";
import { Banner } from "../ui/Notice";
import { useConsole } from "./context";
import { healthOf } from "./health";

const HEALTH_MS = 30_000;
const HEALTH_WHILE_DOWN_MS = 5_000;

/** What is wrong with OpsRelay itself, as long as it is. The pages go on with what they have. */
export function Banners() {
  const { api, down, realtime } = useConsole();
  const queries = useQueryClient();
  const names = useSyncExternalStore(down.subscribe, down.names);
  const connection = useConnection(realtime);
  const current = phase(connection);
  const health = useQuery({
    queryKey: ["health"],
    queryFn: async ({ signal }) => {
      try {
        return healthOf((await api.get("/api/v1/health", signal)).body);
      } catch (failure) {
        if (failure instanceof ProblemError && failure.status === 503) {
          return null; // nothing behind the gateway answers; the requests of the pages name what
        }
        throw failure;
      }
    },
    refetchInterval: names.length > 0 ? HEALTH_WHILE_DOWN_MS : HEALTH_MS,
    retry: false,
  });
  useEffect(() => {
    if (health.data !== undefined && health.data !== null) {
      down.known(health.data);
    }
  }, [down, health.data, health.dataUpdatedAt]);
  // What came back is shown at once, not when its page is next read.
  useEffect(() => {
    if (names.length === 0 && health.dataUpdatedAt > 0) {
      void queries.invalidateQueries({ predicate: ({ state }) => state.status === "error" });
    }
  }, [names, queries, health.dataUpdatedAt]);

  const retry = () => {
    realtime.retryNow();
    void queries.invalidateQueries();
  };
  return (
    <div className="shrink-0">
      {current === "offline" && (
        <Banner tone="bad" action={<Button size="small" onClick={retry}>Connect now</Button>}>
          OpsRelay cannot be reached. What was received last is shown.
          {connection.problem !== null && ` ${connection.problem}`}
        </Banner>
      )}
      {current !== "offline" && (connection.link === "refused" || connection.link === "waiting") && (
        <Banner tone="warn" action={<Button size="small" onClick={retry}>Connect now</Button>}>
          No stream. Each view is read again and again instead.
          {connection.problem !== null && ` ${connection.problem}`}
        </Banner>
      )}
      {current !== "offline" && names.length > 0 && (
        <Banner tone="warn" action={<Button size="small" onClick={retry}>Try again</Button>}>
          {names.length === 1 ? `${names[0]} is` : `${names.slice(0, -1).join(", ")} and ${names.at(-1)} are`} down. What
          depends on it shows its last data; everything else works.
        </Banner>
      )}
    </div>
  );
}
