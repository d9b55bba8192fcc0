import { describe, expect, it } from "vitest";
import { actionOf, stagesOf, undoOf } from "./actions";
import { changesOf, draftOf, durationOf, problemsOf, ruleOf } from "./ruleDraft";
import { durationInWords, ruleInWords, scopeInWords } from "./rules";

describe("a guardrail in words", () => {
  it.each([
    ["PT10M", "10 min"],
    ["PT1H30M", "1 h 30 min"],
    ["P2D", "2 d"],
    ["nonsense", "nonsense"],
  ])("reads %s as %s", (iso, said) => expect(durationInWords(iso)).toBe(said));

  it("tells each kind's limit and what it is about", () => {
    expect(ruleInWords({ kind: "daily_cap", count: 200, sums: { EUR: "5000.00" }, zone: "Europe/Berlin" })).toBe(
      "At most 200 actions and 5000.00 EUR a day (Europe/Berlin).",
    );
    expect(ruleInWords({ kind: "window", mode: "deny", days: ["saturday"], from: "22:00:00", to: "06:00:00" })).toBe(
      "Never Saturday, 22:00 to 06:00 (UTC).",
    );
    expect(ruleInWords({ kind: "replicas", max_replicas: 6, max_step: 3 })).toBe("Replicas: at most 6, no more than 3 more or fewer at once.");
    expect(scopeInWords({ targets: ["kubernetes/prod/*"], action_types: ["refund"] })).toBe("Refund on kubernetes/prod/*");
    expect(scopeInWords({})).toBe("All actions on all targets");
  });
});

describe("a guardrail as it is typed", () => {
  it.each([
    ["10 min", "PT10M"],
    ["1 h 30 min", "PT1H30M"],
    ["90s", "PT1M30S"],
    ["2 d", "PT48H"],
    ["pt5m", "PT5M"],
    ["0 min", null],
    ["soon", null],
    ["", null],
  ])("takes %s for %s", (typed, iso) => expect(durationOf(typed)).toBe(iso));

  it.each([
    { name: "cap", kind: "daily_cap", action_types: ["refund"], count: 200, sums: { EUR: "5000.00" }, zone: "Europe/Berlin" },
    { name: "calm", kind: "cool_down", targets: ["kubernetes/prod/*"], pause: "PT10M" },
    { name: "few", kind: "rate", per_hour: 3, per: "client" },
    { name: "weekend", kind: "window", mode: "deny", days: ["saturday", "sunday"], from: "22:00", to: "06:00", zone: "UTC" },
    { name: "fuse", kind: "breaker", failures: 3, within: "PT10M", open_for: "PT15M" },
    { name: "small", kind: "replicas", targets: ["kubernetes/prod/*"], min_replicas: 2, max_step: 3 },
    { name: "only", kind: "allow_list", targets: ["standalone/*"] },
  ])("comes out as it went in: $kind", (rule) => {
    const draft = draftOf(rule, "UTC");
    expect(problemsOf(draft).size).toBe(0);
    expect(ruleOf(draft)).toEqual(rule);
  });

  it("tells what becomes of each rule, and nothing of those that stay", () => {
    const calm = { name: "calm", kind: "cool_down", pause: "PT10M" };
    const few = { name: "few", kind: "rate", per_hour: 3, per: "target" };
    const changes = changesOf([calm, few], [{ ...few }, { ...calm, pause: "PT5M" }, { ...few, name: "fewer" }]);
    expect(changes.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["changed calm", "added fewer"]);
  });
});

describe("an action", () => {
  const action = (item: object) => {
    const read = actionOf({ action_id: "a", action_type: "scale_deployment", ...item });
    if (read === null) {
      throw new Error("no action");
    }
    return read;
  };
  const states = (item: object) => stagesOf(action(item)).map(({ state }) => state);

  it.each([
    ["requested", ["done", "current", "waiting", "waiting"]],
    ["awaiting_approval", ["done", "done", "current", "waiting"]],
    ["executing", ["done", "done", "done", "current"]],
    ["unknown", ["done", "done", "done", "current"]],
    ["succeeded", ["done", "done", "done", "done"]],
    ["rejected", ["done", "done", "failed", "skipped"]],
    ["cancelled", ["done", "skipped", "skipped", "skipped"]],
  ])("that is %s has come so far", (status, expected) => expect(states({ status })).toEqual(expected));

  it("that failed at the provider has failed there", () => {
    expect(states({ status: "failed", steps: [{ step: "executing", at: "2026-11-20T10:00:00Z" }] })).toEqual(["done", "done", "done", "failed"]);
  });

  it("is undone by scaling back to what ran before, and not where nothing undoes it", () => {
    const scaled = {
      status: "succeeded",
      arguments: { service_name: "a", target_type: "standalone", replicas: 4, reason: "load" },
      effect: { summary: "", details: { replicas_now: 2, replicas_after: 4 } },
    };
    expect(undoOf(action(scaled))).toEqual({ type: "scale_deployment", arguments: { service_name: "a", target_type: "standalone", replicas: 2 } });
    expect(undoOf(action({ ...scaled, status: "failed" }))).toBeNull();
    expect(undoOf(action({ ...scaled, action_type: "restart_deployment" }))).toBeNull();
  });
});
