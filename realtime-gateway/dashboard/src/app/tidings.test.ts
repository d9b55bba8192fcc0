import { describe, expect, it } from "vitest";
import type { FeedEvent } from "realtime-client";
import type { Person } from "../lib/session";
import { messagesOf, tidingOf, type Tiding } from "./tidings";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const ANN: Person = { user: "ann@acme.example", clientId: "acme", clients: ["acme"], roles: ["approver"] };

function event(type: string, data: Record<string, unknown>, time = "2026-11-20T11:59:59Z"): FeedEvent {
  return { kind: "event", type, channel: "tickets", position: { epoch: "k3f", offset: 7 }, prev: 6, time, key: "x-1", snapshot: false, data };
}
const tell = (type: string, data: Record<string, unknown>, time?: string, person = ANN) => tidingOf(event(type, data, time), person, NOW);

describe("what concerns a person", () => {
  const ASKED = { action_type: "refund", effect: "Refunds 25.00 EUR", requester: "ai:luna", may_decide: ["approver"] };

  it("is a request that they may decide, and that leads there", () => {
    expect(tell("approval_requested", ASKED)).toMatchObject({
      title: "Refund waits for a decision",
      detail: "Refunds 25.00 EUR",
      path: "/approvals?id=x-1",
    });
    expect(tell("approval_requested", ASKED, undefined, { ...ANN, roles: ["admin"] })).not.toBeNull();
  });

  it("is no request that others decide, that policy has decided, or of their own", () => {
    expect(tell("approval_requested", { ...ASKED, may_decide: ["sre"] })).toBeNull();
    expect(tell("approval_requested", { ...ASKED, may_decide: undefined }, undefined, { ...ANN, roles: ["admin"] })).toBeNull();
    expect(tell("approval_requested", { ...ASKED, requester: "user:ann@acme.example" })).toBeNull();
    expect(tell("approval_decided", ASKED)).toBeNull();
  });

  it.each([
    ["action_succeeded", "Restart deployment done", "good"],
    ["action_failed", "Restart deployment failed", "bad"],
    ["action_unknown", "Restart deployment may or may not have been done", "warn"],
    ["action_rejected", "Restart deployment rejected", "warn"],
    ["action_expired", "Restart deployment expired: nobody decided in time", "warn"],
    ["action_cancelled", "Restart deployment called off", "neutral"],
  ])("is the end of their own action: %s", (type, title, tone) => {
    const data = { action_type: "restart_deployment", target: "payment-api", requester: "user:ann@acme.example" };
    expect(tell(type, data)).toMatchObject({ title, tone, detail: "payment-api", path: "/operations?id=x-1" });
    expect(tell(type, { ...data, requester: "user:bob@acme.example" })).toBeNull();
  });

  it("is an action that they let go and that failed, not that it was done", () => {
    const data = { action_type: "refund", requester: "ai:luna", decided_by: "user:ann@acme.example" };
    expect(tell("action_failed", data)).not.toBeNull();
    expect(tell("action_succeeded", data)).toBeNull();
    expect(tell("action_executing", data)).toBeNull();
  });

  it("is a ticket that somebody else gave them", () => {
    expect(tell("ticket_assigned", { assignee: "ann@acme.example", by: "user:bob@acme.example" })).toMatchObject({
      detail: "x-1, by bob@acme.example",
      path: "/tickets/x-1",
    });
    expect(tell("ticket_assigned", { assignee: "ann@acme.example", by: "user:ann@acme.example" })).toBeNull();
    expect(tell("ticket_assigned", { assignee: "bob@acme.example", by: "user:eve@acme.example" })).toBeNull();
  });

  it("is no news once it is a minute old", () => {
    expect(tell("approval_requested", ASKED, "2026-11-20T11:58:59Z")).toBeNull();
  });
});

describe("what comes together", () => {
  const tiding = (id: string, more: Partial<Tiding> = {}): Tiding => ({
    kind: "action",
    id,
    title: "Refund done",
    detail: undefined,
    tone: "good",
    path: `/operations?id=${id}`,
    ...more,
  });

  it("is told by its number, one message for each kind, as bad as its worst", () => {
    const told = messagesOf([
      tiding("a"),
      tiding("b", { title: "Refund failed", tone: "bad" }),
      tiding("c", { kind: "ticket", title: "A ticket was assigned to you" }),
    ]);
    expect(told).toMatchObject([
      { title: "A ticket was assigned to you", path: "/operations?id=c" },
      { title: "2 of your actions have come to an end", detail: "Refund done; Refund failed", tone: "bad", path: "/operations" },
    ]);
  });
});
