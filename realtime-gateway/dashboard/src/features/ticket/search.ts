import { choiceParam, compact } from "../../lib/search";

const TABS = ["conversation", "timeline", "agent", "details"] as const;
const KINDS = ["messages", "agent", "tools", "approvals", "actions", "people"] as const;

export type TicketTab = (typeof TABS)[number];
/** What a line of the timeline is about. */
export type EntryKind = (typeof KINDS)[number];

export function ticketSearch(raw: Record<string, unknown>) {
  return compact({ tab: choiceParam(raw["tab"], TABS), kind: choiceParam(raw["kind"], KINDS) });
}
