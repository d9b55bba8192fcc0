import { instant } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";

/** A deployment that this client may act on, as it stands now. */
export interface Deployment {
  /** The same for whoever means it, as the action log names it. */
  readonly target: string;
  readonly targetType: string;
  readonly service: string;
  readonly cluster: string | null;
  readonly namespace: string | null;
  readonly region: string | null;
  /** The action types that can be asked for. */
  readonly actions: readonly string[];
  /** A second person must agree, whatever is asked for. */
  readonly isProtected: boolean;
  readonly state: string;
  /** Why nothing is told of it; null where it was found. */
  readonly problem: string | null;
  readonly environment: string | null;
  readonly replicas: number | null;
  readonly ready: number | null;
  readonly bounds: { readonly min: number; readonly max: number } | null;
  readonly image: string | null;
  readonly revision: string | null;
  readonly rollout: string | null;
  readonly changedAt: number | null;
}

export function deploymentOf(item: JsonObject): Deployment | null {
  const target = text(item["target"]);
  const service = text(item["service_name"]);
  const targetType = text(item["target_type"]);
  if (target === null || service === null || targetType === null) {
    return null;
  }
  const { actions, autoscaler } = item;
  const number = (value: unknown) => (typeof value === "number" ? value : null);
  const min = isObject(autoscaler) ? number(autoscaler["min_replicas"]) : null;
  const max = isObject(autoscaler) ? number(autoscaler["max_replicas"]) : null;
  return {
    target,
    targetType,
    service,
    cluster: text(item["cluster_name"]),
    namespace: text(item["namespace"]),
    region: text(item["region"]),
    actions: (Array.isArray(actions) ? (actions as unknown[]) : []).filter((each): each is string => typeof each === "string"),
    isProtected: item["protected"] === true,
    state: text(item["state"]) ?? "unreachable",
    problem: text(item["problem"]),
    environment: text(item["environment"]),
    replicas: number(item["replicas"]),
    ready: number(item["ready_replicas"]),
    bounds: min === null || max === null ? null : { min, max },
    image: text(item["image"]),
    revision: text(item["revision"]),
    rollout: text(item["rollout"]),
    changedAt: instant(text(item["changed_at"])),
  };
}

/** What names it in a request. */
export function placeOf({ service, targetType, cluster, namespace, region }: Deployment): Record<string, string> {
  return {
    service_name: service,
    target_type: targetType,
    ...(cluster === null ? {} : { cluster_name: cluster }),
    ...(namespace === null ? {} : { namespace }),
    ...(region === null ? {} : { region }),
  };
}

/** `2 of 3 ready`, as far as it is told. */
export function instancesInWords({ replicas, ready, bounds }: Deployment): string {
  if (replicas === null) {
    return "–";
  }
  const count = ready === null ? String(replicas) : `${ready} of ${replicas} ready`;
  return bounds === null ? count : `${count}, ${bounds.min} to ${bounds.max}`;
}

/** Found, and as many serve as shall: nothing for anybody to look at. */
export function isWell({ state, replicas, ready, rollout }: Deployment): boolean {
  return state === "found" && (ready === null || ready >= (replicas ?? 0)) && (rollout === null || rollout === "complete");
}

/** Where it runs, without its own name. */
export function whereOf({ target, service }: Deployment): string {
  return target.slice(0, Math.max(0, target.length - service.length - 1));
}
