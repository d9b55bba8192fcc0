import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { ProblemError } from "../lib/problem";
import { StandstillContext } from "../lib/standstill";
import { useConsole } from "./context";
import { healthOf } from "./health";

const HEALTH_MS = 15_000;
const HEALTH_WHILE_DOWN_MS = 5_000;

/** Asks the gateway how OpsRelay is, again and again: what is down, and whether the stream has anything to tell. */
export function HealthWatch({ children }: { children: React.ReactNode }) {
  const { api, down } = useConsole();
  const queries = useQueryClient();
  const names = useSyncExternalStore(down.subscribe, down.names);
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
    refetchInterval: ({ state }) =>
      names.length > 0 || (state.data?.standstill ?? null) !== null ? HEALTH_WHILE_DOWN_MS : HEALTH_MS,
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
  return <StandstillContext value={health.data?.standstill ?? null}>{children}</StandstillContext>;
}
