import { describe, expect, it } from "vitest";
import { statsAnswer } from "../../testing/stats";
import { firstResponseOf, isEmpty, volumeOf } from "./charts";
import { statsOf } from "./stats";

describe("the numbers of a span", () => {
  it("keep apart what is nothing and what is not measured", () => {
    const { totals, series } = statsOf(statsAnswer());
    expect(totals.failed).toBe(3);
    expect(totals.approvalRate).toBeNull();
    expect(totals.accuracy).toBeNull();
    expect(series[1]).toMatchObject({ received: 401, completionRate: null, firstResponseP50: null });
  });

  it("have the greatest first where they are told apart", () => {
    expect([...statsOf(statsAnswer({ by_channel: { chat: 2, email: 9, api: 2 } })).totals.byChannel]).toEqual([
      ["email", 9],
      ["api", 2],
      ["chat", 2],
    ]);
  });

  it.each([null, [], "no", { now: 3, totals: [], series: [{ start: "never" }, 7] }])("survive the answer %j", (body) => {
    const { now, totals, series } = statsOf(body);
    expect([now.total, totals.received, totals.firstResponse.p50, series]).toEqual([0, 0, null, []]);
  });

  it("are drawn with a gap where nothing was measured, and not at all where nothing was", () => {
    const { series } = statsOf(statsAnswer());
    expect(firstResponseOf(series).series[0]?.values).toEqual([3.2, null, 3.2]);
    expect(isEmpty(volumeOf(series))).toBe(false);
    expect(isEmpty(volumeOf(series.map((point) => ({ ...point, received: 0, completed: 0, escalated: 0, failed: 0 }))))).toBe(true);
  });
});
