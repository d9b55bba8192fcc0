import { words } from "../../lib/format";
import { text } from "../../lib/json";
import type { Step } from "../../ui/Progress";
import { nameOf, number, type Entry, type Ticket } from "./ticket";

/** With these a ticket is taken up again, and what came before no longer tells where it stands. */
const BEGINNINGS: ReadonlySet<string> = new Set(["ticket_retried", "ticket_reopened"]);
const DECIDED = /^approval_(granted|rejected|responded|expired|withdrawn)$/;

/**
 * Where a ticket stands on its way, of what has happened to it since it was taken up last. What did not happen and no
 * longer will is skipped, not done.
 */
export function workflowOf(ticket: Pick<Ticket, "status" | "channel" | "category" | "confidence">, all: readonly Entry[]): Step[] {
  const began = all.findLastIndex(({ event }) => BEGINNINGS.has(event));
  const timeline = began < 0 ? all : all.slice(began);
  const last = (matches: (event: string) => boolean) => timeline.findLast(({ event }) => matches(event));
  const { status } = ticket;
  const isOver = status === "resolved" || status === "closed" || status === "escalated" || status === "failed";

  const analysis = last((event) => event === "ticket_classified" || event === "ticket_analyzing" || event === "run_started");
  const action = last((event) => event.startsWith("action_"));
  const tools = last((event) => event === "tools_called");
  const asked = last((event) => event === "approval_requested");
  const decided = last((event) => DECIDED.test(event));

  const received: Step = {
    name: "Received",
    state: "done",
    detail: began < 0 ? (ticket.channel === null ? undefined : `by ${ticket.channel === "api" ? "API" : words(ticket.channel).toLowerCase()}`) : "again",
  };
  const analyzing: Step = {
    name: "Analyzing",
    state:
      action !== undefined || tools !== undefined || asked !== undefined || status === "awaiting_approval" || status === "acting"
        ? "done"
        : isOver
          ? analysis === undefined
            ? "skipped"
            : "done"
          : status === "analyzing"
            ? "current"
            : "waiting",
    detail: analysis === undefined || ticket.category === null ? undefined : sure(ticket.category, ticket.confidence),
  };
  const acted = actionStep(status, isOver, action, tools);
  const approval: Step = {
    name: "Approval",
    ...(status === "awaiting_approval"
      ? ({ state: "current", detail: "a person decides" } as const)
      : decided === undefined
        ? ({ state: isOver || status === "acting" ? "skipped" : "waiting" } as const)
        : decisionOf(decided)),
  };
  return [received, analyzing, acted, approval, endOf(status)];
}

function actionStep(status: string, isOver: boolean, action: Entry | undefined, tools: Entry | undefined): Step {
  const name = "Tools";
  const detail =
    action === undefined
      ? tools === undefined
        ? undefined
        : "looked up"
      : words(text(action.data["action_type"]) ?? "action").toLowerCase();
  if (action?.event === "action_failed" || action?.event === "action_cancelled") {
    return { name, state: "failed", detail };
  }
  if (action?.event === "action_outcome_unknown") {
    return { name, state: "current", detail: `${detail ?? "action"}: outcome not known` };
  }
  if (status === "acting" || (action?.event === "action_started" && !isOver)) {
    return { name, state: "current", detail };
  }
  if (action !== undefined || tools !== undefined) {
    return { name, state: "done", detail };
  }
  return { name, state: isOver ? "skipped" : "waiting" };
}

function decisionOf(entry: Entry): Pick<Step, "state" | "detail"> {
  const by = text(entry.data["approver"]) ?? text(entry.data["by"]) ?? (entry.actor.startsWith("user:") ? entry.actor : null);
  const who = by === null ? undefined : `by ${nameOf(by).split("@", 1)[0] ?? ""}`;
  switch (entry.event) {
    case "approval_granted":
      return { state: "done", detail: who };
    case "approval_responded":
      return { state: "done", detail: who === undefined ? "answered" : `answered ${who}` };
    case "approval_rejected":
      return { state: "failed", detail: who === undefined ? "rejected" : `rejected ${who}` };
    case "approval_expired":
      return { state: "failed", detail: "nobody decided in time" };
    default:
      return { state: "skipped", detail: "not needed any more" };
  }
}

function endOf(status: string): Step {
  const name = "Complete";
  switch (status) {
    case "resolved":
    case "closed":
      return { name, state: "done", detail: status };
    case "failed":
      return { name, state: "failed", detail: "can be run again" };
    case "escalated":
      return { name, state: "current", detail: "a person has it" };
    default:
      return { name, state: "waiting" };
  }
}

function sure(category: string, confidence: number | null): string {
  const share = number(confidence);
  return share === null ? words(category) : `${words(category)}, ${Math.round(share * 100)} % sure`;
}
