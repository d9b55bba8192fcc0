import { isObject, itemsOf, text, type JsonObject } from "../../lib/json";
import { read } from "../../lib/useView";
import { listOf, texts } from "../../lib/values";
import { versioned } from "./form";

/** An AI employee as it is typed. */
export interface EmployeeDraft {
  readonly name: string;
  readonly displayName: string;
  readonly role: string;
  readonly tone: string;
  readonly avatar: string;
  readonly metricName: string;
  readonly metricUnit: string;
  readonly tools: readonly string[];
  readonly intents: string;
  readonly languages: string;
  readonly enabled: boolean;
}

export interface Employee extends EmployeeDraft {
  readonly status: string;
}

export const EMPLOYEES_KEY = ["settings", "employees"] as const;

export const readEmployees = read("/api/v1/ai/employees", ({ body }) => itemsOf(body).flatMap((item) => employeeOf(item) ?? []));

/** One by itself: the list has no version to change from. */
export function readEmployee(name: string) {
  return read(pathOf(name), versioned((body) => (isObject(body) ? employeeOf(body) : null)));
}

export function pathOf(name: string): string {
  return `/api/v1/ai/employees/${encodeURIComponent(name)}`;
}

/** As the API wants it: whole. */
export function employeeBody(draft: EmployeeDraft) {
  const avatar = draft.avatar.trim();
  return {
    display_name: draft.displayName,
    role: draft.role,
    tone: draft.tone,
    ...(avatar === "" ? {} : { avatar }),
    primary_metric: { name: draft.metricName.trim(), unit: draft.metricUnit.trim() },
    tools: draft.tools,
    intents: listOf(draft.intents),
    languages: listOf(draft.languages),
    enabled: draft.enabled,
  };
}

export function employeeOf(item: JsonObject): Employee | null {
  const name = text(item["name"]);
  if (name === null) {
    return null;
  }
  const metric = isObject(item["primary_metric"]) ? item["primary_metric"] : {};
  return {
    name,
    displayName: text(item["display_name"]) ?? name,
    role: text(item["role"]) ?? "",
    tone: text(item["tone"]) ?? "friendly",
    avatar: text(item["avatar"]) ?? "",
    metricName: text(metric["name"]) ?? "",
    metricUnit: text(metric["unit"]) ?? "",
    tools: texts(item["tools"]),
    intents: texts(item["intents"]).join(", "),
    languages: texts(item["languages"]).join(", "),
    enabled: item["enabled"] !== false,
    status: text(item["status"]) ?? "offline",
  };
}
