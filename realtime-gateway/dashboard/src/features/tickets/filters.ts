import { channelName } from "../../lib/channels";
import { words } from "../../lib/format";
import type { ticketsSearch } from "./search";

export type TicketsSearch = ReturnType<typeof ticketsSearch>;
export type FilterName = Exclude<keyof TicketsSearch, "q" | "sort">;

export const STATUSES = [
  "received",
  "analyzing",
  "awaiting_approval",
  "acting",
  "escalated",
  "failed",
  "resolved",
  "closed",
] as const;
export const PRIORITIES = ["urgent", "high", "normal", "low"] as const;

const LABELS: Readonly<Record<FilterName, string>> = {
  status: "Status",
  priority: "Priority",
  channel: "Channel",
  category: "Category",
  tag: "Tag",
  assignee: "Assignee",
  external_id: "External id",
  customer_id: "Customer",
  customer_email: "Customer",
  created_from: "From",
  created_to: "Before",
};
const NAMES = Object.keys(LABELS) as FilterName[];
const SHORT_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });

/** The filters and the order as the API's query; nothing where none is set. */
export function queryOf(search: TicketsSearch): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== "") {
      query.set(name, value);
    }
  }
  query.sort();
  return query.toString();
}

export function statusesOf(search: TicketsSearch): readonly string[] {
  return search.status === undefined ? [] : search.status.split(",").filter((name) => name !== "");
}

/** What is in force, in words. */
export function chipsOf(search: TicketsSearch): { name: FilterName; label: string; value: string }[] {
  return NAMES.flatMap((name) => {
    const value = search[name];
    return value === undefined ? [] : [{ name, label: LABELS[name], value: readable(name, value) }];
  });
}

function readable(name: FilterName, value: string): string {
  switch (name) {
    case "status": {
      const statuses = value.split(",");
      return statuses.length > 2 ? `${statuses.length} of them` : statuses.map(words).join(", ");
    }
    case "channel":
      return channelName(value);
    case "priority":
    case "category":
      return words(value);
    case "created_from":
    case "created_to": {
      const at = Date.parse(value);
      return Number.isNaN(at) ? value : SHORT_TIME.format(at);
    }
    case "customer_id":
      return `…${value.slice(-8)}`;
    default:
      return value;
  }
}

/** Of an RFC 3339 time, what a field for local times takes; empty where it cannot be read. */
export function localOf(time: string | undefined): string {
  const at = time === undefined ? NaN : Date.parse(time);
  if (Number.isNaN(at)) {
    return "";
  }
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The other way round. */
export function timeOf(local: string): string | undefined {
  const at = local === "" ? NaN : new Date(local).getTime();
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
