import { percent, span } from "../../lib/figures";
import { instant } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";
import { useList, type ListView } from "../../lib/useView";

/** An AI employee as it stands now. */
export interface Employee {
  readonly name: string;
  readonly displayName: string;
  readonly role: string;
  readonly enabled: boolean;
  readonly status: string;
  readonly metric: string | null;
  /** As it is to be read; null where nothing was measured yet. */
  readonly metricValue: string | null;
  readonly runs: number;
  readonly resolved: number;
  readonly escalated: number;
  readonly failed: number;
  readonly latest: Activity | null;
}

/** Something that an AI employee did. */
export interface Activity {
  readonly id: string;
  readonly employee: string;
  readonly type: string;
  readonly description: string;
  readonly outcome: string | null;
  readonly at: number | null;
}

const STATUS_ORDER = ["active", "idle", "offline"];
/** A busy employee has many activities a second; its figures need not be read as often. */
const GAP_MS = 5_000;

/** Who is at work stands first. */
export function useEmployees(): ListView<Employee> {
  const list = useList(["ai", "employees"], "/api/v1/ai/employees", employeeOf, { live: ["ai"], minGap: GAP_MS });
  return list.data === undefined ? list : { ...list, data: [...list.data].sort(atWorkFirst) };
}

export function employeeOf(item: JsonObject): Employee | null {
  const name = text(item["name"]);
  if (name === null) {
    return null;
  }
  const metric = isObject(item["primary_metric"]) ? item["primary_metric"] : {};
  const today = isObject(item["today"]) ? item["today"] : {};
  const value = metric["value"];
  return {
    name,
    displayName: text(item["display_name"]) ?? name,
    role: text(item["role"]) ?? "",
    enabled: item["enabled"] !== false,
    status: text(item["status"]) ?? "unknown",
    metric: text(metric["name"]),
    metricValue: typeof value === "number" ? inUnit(value, text(metric["unit"])) : null,
    runs: numberOf(today["runs"]),
    resolved: numberOf(today["resolved"]),
    escalated: numberOf(today["escalated"]),
    failed: numberOf(today["failed"]),
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

function atWorkFirst(a: Employee, b: Employee): number {
  const order = ({ status }: Employee) => (STATUS_ORDER.indexOf(status) + 4) % 4;
  return order(a) - order(b) || a.displayName.localeCompare(b.displayName);
}

function inUnit(value: number, unit: string | null): string {
  switch (unit) {
    case "percent":
      return percent(value / 100);
    case "seconds":
      return span(value);
    default:
      return `${value.toLocaleString(undefined, { maximumFractionDigits: 1 })}${unit === null ? "" : ` ${unit}`}`;
  }
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
