import { instant } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";
import { read, useView, type View } from "../../lib/useView";

/** One of OpsRelay's own services, as the gateway sees it. */
export interface ServiceState {
  readonly name: string;
  readonly status: string;
  /** When the gateway first found it so. */
  readonly since: number | null;
  readonly instances: number | null;
  readonly ready: number | null;
}

export interface OwnHealth {
  readonly status: string;
  readonly services: readonly ServiceState[];
  /** Whether live events reach the gateway, and how many records it is behind. */
  readonly feed: string;
  readonly feedLag: number | null;
  /** Live connections of this gateway. */
  readonly connections: number | null;
}

const POLL_MS = 15_000;

export function useOwnHealth(): View<OwnHealth> {
  return useView(["health", "services"], read("/api/v1/health", ({ body }) => ownHealthOf(body)), {
    pollWhenNotLive: POLL_MS,
  });
}

/** Reads `GET /api/v1/health`, which may list the services or name them. What does not work stands first. */
export function ownHealthOf(body: unknown): OwnHealth {
  const health = isObject(body) ? body : {};
  const told = health["services"];
  const services = Array.isArray(told)
    ? (told as unknown[]).filter(isObject).flatMap((each) => serviceOf(text(each["name"]), each))
    : isObject(told)
      ? Object.entries(told).flatMap(([name, state]) => serviceOf(name, isObject(state) ? state : { status: state }))
      : [];
  return {
    status: text(health["status"]) ?? "unknown",
    services: services.sort((a, b) => Number(a.status === "up") - Number(b.status === "up") || a.name.localeCompare(b.name)),
    feed: text(health["feed"]) ?? "unknown",
    feedLag: numberOf(health["feed_lag"]),
    connections: numberOf(health["connections"]),
  };
}

function serviceOf(name: string | null, state: JsonObject): ServiceState[] {
  return name === null
    ? []
    : [
        {
          name,
          status: text(state["status"]) ?? "unknown",
          since: instant(text(state["since"])),
          instances: numberOf(state["instances"]),
          ready: numberOf(state["ready"]),
        },
      ];
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
