import { choiceParam, compact, textParam } from "../../lib/search";

export const OPERATIONS_TABS = ["actions", "deployments", "guardrails", "dead-letters"] as const;

export function operationsSearch(raw: Record<string, unknown>) {
  return compact({
    tab: choiceParam(raw["tab"], OPERATIONS_TABS),
    /** The action, or dead letter, that is open. */
    id: textParam(raw["id"]),
    status: textParam(raw["status"]),
    type: textParam(raw["type"]),
    target: textParam(raw["target"]),
    requester: textParam(raw["requester"]),
    provider: textParam(raw["provider"]),
    state: textParam(raw["state"]),
    topic: textParam(raw["topic"]),
    consumer: textParam(raw["consumer"]),
    event_type: textParam(raw["event_type"]),
    reason: textParam(raw["reason"]),
  });
}
