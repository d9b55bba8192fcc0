import { describe, expect, it } from "vitest";
import { entityOf, factsOf, ticketOf, toneOf } from "./describe";

const shown = (data: Record<string, unknown>) => factsOf(data).map(({ label, value }) => `${label}: ${value}`);

describe("the facts of an event", () => {
  it("come with the most telling first", () => {
    expect(shown({ reason: "broken", currency: "EUR", amount: "25.00", action_type: "process_refund", status: "pending" })).toEqual(
      ["status: Pending", "amount: 25.00 EUR", "action type: Process refund", "reason: broken"],
    );
  });

  it("show money as it was sent, to the last digit", () => {
    expect(shown({ amount: "1234567890.10", currency: "EUR" })).toEqual(["amount: 1234567890.10 EUR"]);
    expect(shown({ amount: "25.00" })).toEqual(["amount: 25.00"]);
    expect(shown({ currency: "EUR" })).toEqual([]);
  });

  it("show a confidence as share, and one that is none not at all", () => {
    expect(shown({ confidence: 0.934 })).toEqual(["confidence: 93 %"]);
    for (const confidence of ["N/A", 17, -1, null, NaN]) {
      expect(shown({ confidence })).toEqual([]);
    }
  });
});

it("an entity is named by its channel's id, else by the key", () => {
  expect(entityOf("approvals", "k", { approval_id: "p", ticket_id: "t" })).toEqual({ kind: "approval", id: "p" });
  expect(entityOf("actions", "k", { ticket_id: "t" })).toEqual({ kind: "action", id: "k" });
  expect(entityOf("tickets", null, {})).toBeNull();
  expect(entityOf("constructor", "k", {})).toBeNull();
});

it("a status nobody knows yet has no meaning", () => {
  expect(toneOf("resolved")).toBe("good");
  expect(toneOf("levitating")).toBe("neutral");
  expect(toneOf("constructor")).toBe("neutral");
});

it("tells which ticket an approval or an action belongs to", () => {
  expect(ticketOf("tickets", "k", {})).toBe("k");
  expect(ticketOf("approvals", "k", { approval_id: "p", ticket_id: "t" })).toBe("t");
  expect(ticketOf("actions", "k", {})).toBeNull();
  expect(ticketOf("constructor", "k", { ticket_id: "t" })).toBeNull();
});
