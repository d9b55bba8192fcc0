import { describe, expect, it } from "vitest";
import type { Entry } from "./ticket";
import { workflowOf } from "./workflow";

const IN = { channel: "email", category: "refund_request", confidence: 0.926 };

function entries(...events: (string | [event: string, data: Entry["data"], actor?: string])[]): Entry[] {
  return events.map((each, index) => {
    const [event, data = {}, actor = ""] = typeof each === "string" ? [each] : each;
    return { seq: index + 1, event, at: index, actor, summary: "", messageId: null, data };
  });
}

/** `Received done, Analyzing current, ...` */
function told(status: string, timeline: Entry[]): string {
  return workflowOf({ ...IN, status }, timeline)
    .map(({ name, state }) => `${name} ${state}`)
    .join(", ");
}

describe("where a ticket stands", () => {
  it.each([
    ["received", [], "Received done, Analyzing waiting, Tools waiting, Approval waiting, Complete waiting"],
    ["analyzing", ["ticket_analyzing"], "Received done, Analyzing current, Tools waiting, Approval waiting, Complete waiting"],
    [
      "analyzing",
      ["ticket_analyzing", "ticket_classified", "tools_called"],
      "Received done, Analyzing done, Tools done, Approval waiting, Complete waiting",
    ],
    [
      "awaiting_approval",
      ["ticket_classified", "action_proposed", "action_prepared", "approval_requested"],
      "Received done, Analyzing done, Tools done, Approval current, Complete waiting",
    ],
    [
      "acting",
      ["ticket_classified", "action_prepared", "approval_requested", "approval_granted", "action_started"],
      "Received done, Analyzing done, Tools current, Approval done, Complete waiting",
    ],
    [
      "resolved",
      ["ticket_classified", "action_prepared", "approval_requested", "approval_granted", "action_started", "action_succeeded"],
      "Received done, Analyzing done, Tools done, Approval done, Complete done",
    ],
    ["resolved", ["ticket_classified", "reply_drafted"], "Received done, Analyzing done, Tools skipped, Approval skipped, Complete done"],
    ["closed", [], "Received done, Analyzing skipped, Tools skipped, Approval skipped, Complete done"],
    [
      "escalated",
      ["ticket_classified", "action_prepared", "approval_requested", "approval_rejected"],
      "Received done, Analyzing done, Tools done, Approval failed, Complete current",
    ],
    [
      "escalated",
      ["ticket_classified", "action_started", "action_failed"],
      "Received done, Analyzing done, Tools failed, Approval skipped, Complete current",
    ],
    [
      "acting",
      ["ticket_classified", "action_started", "action_outcome_unknown"],
      "Received done, Analyzing done, Tools current, Approval skipped, Complete waiting",
    ],
    ["failed", ["ticket_analyzing"], "Received done, Analyzing done, Tools skipped, Approval skipped, Complete failed"],
  ])("%s after %j", (status, events, expected) => {
    expect(told(status, entries(...events))).toBe(expected);
  });

  it("begins again when the ticket is taken up again", () => {
    const timeline = entries("ticket_classified", "action_succeeded", "approval_granted", "ticket_reopened");
    expect(told("received", timeline)).toBe("Received done, Analyzing waiting, Tools waiting, Approval waiting, Complete waiting");
    expect(workflowOf({ ...IN, status: "received" }, timeline)[0]?.detail).toBe("again");
  });

  it("says what was found, what is done and who decided", () => {
    const steps = workflowOf(
      { ...IN, status: "resolved" },
      entries(
        "ticket_classified",
        ["action_succeeded", { action_type: "process_refund" }],
        "approval_requested",
        ["approval_granted", { approver: "user:alice@acme.example" }],
      ),
    );
    expect(steps.map(({ detail }) => detail)).toEqual([
      "by email",
      "Refund request, 93 % sure",
      "process refund",
      "by alice",
      "resolved",
    ]);
  });
});
