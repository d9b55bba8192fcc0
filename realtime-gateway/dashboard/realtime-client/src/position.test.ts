import { describe, expect, it } from "vitest";
import { advance, judge, parsePosition, type Position } from "./position.js";

const at = (offset: number, epoch = "k3f"): Position => ({ epoch, offset });

describe("judging an event against the last position", () => {
  it("takes the first event of a channel without a position", () => {
    expect(judge(null, at(10), 7)).toBe("fresh");
  });

  it("takes an event that follows what was received last", () => {
    expect(judge(at(10), at(15), 10)).toBe("fresh");
  });

  it("takes an event whose predecessor lies before a position that a heartbeat has advanced", () => {
    expect(judge(at(14), at(15), 10)).toBe("fresh");
  });

  it("drops what it has seen", () => {
    expect(judge(at(10), at(10), 7)).toBe("duplicate");
    expect(judge(at(10), at(3), 1)).toBe("duplicate");
  });

  it("sees a loss exactly if the predecessor was not received", () => {
    expect(judge(at(10), at(15), 11)).toBe("lost");
  });

  it("cannot see a loss without prev", () => {
    expect(judge(at(10), at(15), null)).toBe("fresh");
  });

  it("does not compare offsets of different epochs", () => {
    expect(judge(at(10), at(11, "new"), 10)).toBe("restarted");
    expect(judge(at(10), at(3, "new"), null)).toBe("restarted");
  });
});

describe("a position", () => {
  it("only ever advances, and only within its epoch", () => {
    expect(advance(at(10), at(12))).toEqual(at(12));
    expect(advance(at(10), at(9))).toEqual(at(10));
    expect(advance(at(10), at(12, "new"))).toEqual(at(10));
  });

  it("is read from the Feed-Position header", () => {
    expect(parsePosition("k3f:10412")).toEqual(at(10_412));
    expect(parsePosition(" k3f:0 ")).toEqual(at(0));
    expect(parsePosition("k3f:-1")).toEqual(at(-1));
  });

  it.each([null, undefined, "", "k3f", "k3f:", ":12", "k3f:-2", "k3f:1.5", "k3f:9999999999999999", "a:b:12"])(
    "is not read from %o",
    (header) => expect(parsePosition(header)).toBeNull(),
  );
});
