import type { FeedEvent } from "realtime-client";
import { instant } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";
import { number } from "../../lib/values";

export interface Employee {
  readonly name: string;
  readonly displayName: string;
  readonly role: string;
  readonly status: string;
  readonly enabled: boolean;
  readonly metric: { readonly name: string; readonly unit: string; readonly value: number | null };
  readonly today: Today;
  readonly latest: Activity | null;
}

export interface Today {
  readonly runs: number;
  readonly resolved: number;
  readonly escalated: number;
  readonly failed: number;
  readonly handlingSeconds: number | null;
  /** The share of runs that ended without a person, 0 to 1; null where none ended. */
  readonly withoutPerson: number | null;
}

export interface Activity {
  readonly id: string;
  readonly employee: string;
  readonly type: string;
  readonly description: string;
  readonly outcome: string | null;
  readonly at: number | null;
}

export function employeeOf(item: JsonObject): Employee | null {
  const name = text(item["name"]);
  if (name === null) {
    return null;
  }
  const metric = isObject(item["primary_metric"]) ? item["primary_metric"] : {};
  const today = isObject(item["today"]) ? item["today"] : {};
  const times = (key: string) => number(today[key]) ?? 0;
  return {
    name,
    displayName: text(item["display_name"]) ?? name,
    role: text(item["role"]) ?? "",
    status: text(item["status"]) ?? "offline",
    enabled: item["enabled"] !== false,
    metric: { name: text(metric["name"]) ?? "", unit: text(metric["unit"]) ?? "", value: number(metric["value"]) },
    today: {
      runs: times("runs"),
      resolved: times("resolved"),
      escalated: times("escalated"),
      failed: times("failed"),
      handlingSeconds: number(today["average_handling_seconds"]),
      withoutPerson: number(today["resolved_without_person"]),
    },
    latest: isObject(item["latest_activity"]) ? activityOf(item["latest_activity"]) : null,
  };
}

export function activityOf(item: JsonObject): Activity | null {
  const id = text(item["activity_id"]);
  return id === null
    ? null
    : {
        id,
        employee: text(item["ai_employee"]) ?? "",
        type: text(item["type"]) ?? "task",
        description: text(item["description"]) ?? "",
        outcome: text(item["outcome"]),
        at: instant(text(item["timestamp"])),
      };
}

/** The activity that a frame of the channel `ai` tells: an item as it is listed. Null if it tells something else. */
export function toldBy({ type, data }: Pick<FeedEvent, "type" | "data">): Activity | null {
  return type === "ai_activity" && isObject(data["activity"]) ? activityOf(data["activity"]) : null;
}

/** How many activities are kept, and how many of them are shown at first. */
export const KEPT_ACTIVITIES = 50;
export const SHOWN_ACTIVITIES = 10;

export interface Stream {
  /** Newest first. */
  readonly kept: readonly Activity[];
  /** What is shown while somebody points at the list, so that nothing moves under the pointer; else null. */
  readonly held: readonly Activity[] | null;
}

export type StreamAction =
  /** Read from the list or told by frames: what is known already changes nothing. */
  | { readonly type: "add"; readonly items: readonly Activity[] }
  | { readonly type: "hold" }
  | { readonly type: "release" };

export const NO_ACTIVITIES: Stream = { kept: [], held: null };

export function stream(state: Stream, action: StreamAction): Stream {
  switch (action.type) {
    case "add": {
      const known = new Map(state.kept.map((each) => [each.id, each]));
      action.items.forEach((each) => known.set(each.id, each));
      const kept = [...known.values()]
        .sort((a, b) => (b.at ?? 0) - (a.at ?? 0) || (a.id < b.id ? 1 : -1))
        .slice(0, KEPT_ACTIVITIES);
      return { ...state, kept };
    }
    case "hold":
      return state.held === null ? { ...state, held: state.kept } : state;
    case "release":
      return state.held === null ? state : { ...state, held: null };
  }
}

/** How many came while the list was held. */
export function unseen({ kept, held }: Stream): number {
  if (held === null) {
    return 0;
  }
  const seen = new Set(held.map(({ id }) => id));
  return kept.filter(({ id }) => !seen.has(id)).length;
}
