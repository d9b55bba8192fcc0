import { describe, expect, it } from "vitest";
import { approvalOf, urgentFirst, type Approval } from "../../parts/approval/approvals";
import { arrange, following, MOST_GONE } from "./rows";

const approval = (id: string, expires: string): Approval => {
  const read = approvalOf({ approval_id: id, expires_at: expires, created_at: "2026-11-20T10:00:00Z" });
  if (read === null) {
    throw new Error("no approval");
  }
  return read;
};
const A = approval("a", "2026-11-20T12:00:00Z");
const B = approval("b", "2026-11-20T14:00:00Z");
const URGENT = approval("u", "2026-11-20T11:00:00Z");
const ids = (rows: readonly { approval: Approval; isGone: boolean }[]) =>
  rows.map((row) => row.approval.id + (row.isGone ? " gone" : ""));

describe("the queue's rows", () => {
  it("come with what expires first", () => {
    expect([B, A, URGENT].sort(urgentFirst).map(({ id }) => id)).toEqual(["u", "a", "b"]);
  });

  it("keep still under a pointer: what is new joins at the end, what is settled keeps its place", () => {
    const before = arrange(null, [A, B], false, null);
    expect(ids(arrange(before, [URGENT, B], true, null))).toEqual(["a gone", "b", "u"]);
    expect(ids(arrange(before, [URGENT, B], false, null))).toEqual(["u", "b"]);
  });

  it("stay bounded under a pointer that never leaves, however many come and are settled, and keep the one that is open", () => {
    let rows = arrange(null, [A, B], true, "a");
    for (let i = 0; i < 1_000; i++) {
      rows = arrange(rows, [B, approval(`n-${i}`, "2026-11-20T15:00:00Z")], true, "a");
      expect(rows.length).toBeLessThanOrEqual(MOST_GONE + 2);
    }
    expect(ids(rows).slice(0, 2)).toEqual(["a gone", "b"]);
    expect(ids(rows).at(-1)).toBe("n-999");
    expect(rows).toHaveLength(MOST_GONE + 2);
  });

  it("keep the one that is being read", () => {
    const before = arrange(null, [A, B], false, "a");
    expect(ids(arrange(before, [B], false, "a"))).toEqual(["a gone", "b"]);
    expect(ids(arrange(arrange(before, [B], false, "a"), [B], false, "b"))).toEqual(["b"]);
  });

  it("tell what has arrived, but not of the first reading", () => {
    const first = arrange(null, [A], false, null);
    expect(first.map(({ isNew }) => isNew)).toEqual([false]);
    expect(arrange(first, [A, B], false, null).map(({ isNew }) => isNew)).toEqual([false, true]);
  });

  it("lead on to the next that waits, and back at the end", () => {
    const rows = arrange(arrange(null, [URGENT, A, B], false, null), [URGENT, B], true, null);
    expect(following(rows, "u")).toBe("b");
    expect(following(rows, "b")).toBe("u");
    expect(following(arrange(null, [A], false, null), "a")).toBeNull();
  });
});
