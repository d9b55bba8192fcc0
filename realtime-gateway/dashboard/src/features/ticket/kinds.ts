import { Bot, GitMerge, Inbox, MessageSquare, ShieldCheck, User, Wrench, Zap, type LucideIcon } from "lucide-react";
import type { Entry } from "./ticket";
import type { EntryKind } from "./search";

export const KIND_NAMES: Readonly<Record<EntryKind, string>> = {
  messages: "Messages",
  agent: "Agent",
  tools: "Tools",
  approvals: "Approvals",
  actions: "Actions",
  people: "People",
};

const ICONS: Readonly<Record<EntryKind, LucideIcon>> = {
  messages: MessageSquare,
  agent: Bot,
  tools: Wrench,
  approvals: ShieldCheck,
  actions: Zap,
  people: User,
};

const MESSAGES = /^(reply_written|note_written|customer_replied|message_(?!taken)|ticket_continued)/;
const AGENT = /^(run_|reply_drafted|message_taken|ticket_(classified|analyzing))/;

/** What a line of the timeline is about. */
export function kindOf({ event, actor }: Pick<Entry, "event" | "actor">): EntryKind {
  if (event.startsWith("approval_")) {
    return "approvals";
  }
  if (event.startsWith("action_")) {
    return "actions";
  }
  if (event.startsWith("tools_") || event.startsWith("tool_")) {
    return "tools";
  }
  if (MESSAGES.test(event)) {
    return "messages";
  }
  if (AGENT.test(event) || actor === "service:agent-service" || actor.startsWith("ai:")) {
    return "agent";
  }
  return event === "ticket_received" || event === "ticket_reopened" ? "messages" : "people";
}

export function iconOf(entry: Pick<Entry, "event" | "actor">): LucideIcon {
  switch (entry.event) {
    case "ticket_received":
    case "ticket_imported":
      return Inbox;
    case "ticket_merged":
    case "ticket_took_in":
      return GitMerge;
    default:
      return ICONS[kindOf(entry)];
  }
}
