import { choiceParam, compact, textParam } from "../../lib/search";

export const SORTS = ["-created_at", "created_at", "-updated_at", "updated_at", "-priority", "priority"] as const;

/** The filters and the order of the API, by its own names; a time is RFC 3339, several statuses have commas between. */
export function ticketsSearch(raw: Record<string, unknown>) {
  return compact({
    status: textParam(raw["status"]),
    channel: textParam(raw["channel"]),
    priority: textParam(raw["priority"]),
    category: textParam(raw["category"]),
    tag: textParam(raw["tag"]),
    assignee: textParam(raw["assignee"], 254),
    external_id: textParam(raw["external_id"]),
    customer_id: textParam(raw["customer_id"]),
    customer_email: textParam(raw["customer_email"], 254),
    created_from: textParam(raw["created_from"]),
    created_to: textParam(raw["created_to"]),
    q: textParam(raw["q"]),
    sort: choiceParam(raw["sort"], SORTS),
  });
}
