import { describe, expect, it } from "vitest";
import { backoff, LONGEST_DELAY_MS, SHORTEST_DELAY_MS } from "./backoff.js";

describe("backoff", () => {
  const almostOne = () => 1 - Number.EPSILON;

  it("doubles its ceiling from 6 s to 48 s and then stays there", () => {
    expect([0, 1, 2, 3, 4, 50, 5_000].map((attempt) => backoff(attempt, almostOne))).toEqual([
      6_000, 12_000, 24_000, 48_000, 48_000, 48_000, 48_000,
    ]);
  });

  it("never waits less than 3 s nor more than 48 s, at any attempt and any luck", () => {
    for (let attempt = 0; attempt < 200; attempt++) {
      for (const luck of [0, 0.25, 0.5, 0.75, almostOne()]) {
        const delay = backoff(attempt, () => luck);
        expect(delay).toBeGreaterThanOrEqual(SHORTEST_DELAY_MS);
        expect(delay).toBeLessThanOrEqual(LONGEST_DELAY_MS);
      }
    }
  });

  it("spreads over the whole range, so that clients do not come back in waves", () => {
    expect([0, 0.5, almostOne()].map((luck) => backoff(9, () => luck))).toEqual([3_000, 25_500, 48_000]);
  });
});
