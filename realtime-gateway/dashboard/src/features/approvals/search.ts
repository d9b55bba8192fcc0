import { choiceParam, compact, textParam } from "../../lib/search";

export const APPROVAL_TABS = ["queue", "history", "rates"] as const;

export function approvalsSearch(raw: Record<string, unknown>) {
  return compact({
    tab: choiceParam(raw["tab"], APPROVAL_TABS),
    id: textParam(raw["id"]),
    status: textParam(raw["status"]),
    type: textParam(raw["type"]),
    decided_by: textParam(raw["decided_by"]),
    requester: textParam(raw["requester"]),
    rule: textParam(raw["rule"]),
    days: textParam(raw["days"]),
  });
}
