import { describe, expect, it } from "vitest";
import { isOpen, problemOf, queryOf, rangeOf } from "./range";

const NOW = Date.UTC(2026, 10, 27, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const custom = (from: number, to: number) => ({ kind: "custom", from, to }) as const;
const query = (from: number, to: number) => Object.fromEntries(queryOf(custom(from, to), NOW, "Asia/Kolkata"));

describe("the range of the numbers", () => {
  it("is that of the address, and the last 24 hours where the address makes no sense", () => {
    expect(rangeOf({ range: "7d" })).toEqual({ kind: "7d" });
    expect(rangeOf({})).toEqual({ kind: "24h" });
    expect(rangeOf({ range: "custom", from: "yesterday", to: "2026-11-27T00:00:00Z" })).toEqual({ kind: "24h" });
    expect(rangeOf({ range: "custom", from: "2026-11-27T00:00:00Z", to: "2026-11-26T00:00:00Z" })).toEqual({ kind: "24h" });
    expect(rangeOf({ range: "custom", from: "2026-11-26T00:00:00Z", to: "2026-11-27T00:00:00Z" })).toEqual(
      custom(Date.UTC(2026, 10, 26), Date.UTC(2026, 10, 27)),
    );
  });

  it("is asked for in buckets that the service has", () => {
    expect(query(NOW - 2 * HOUR, NOW)["bucket"]).toBe("minute");
    expect(query(NOW - 20 * DAY, NOW - 20 * DAY + HOUR)["bucket"]).toBe("hour"); // its minutes are gone
    expect(query(NOW - 7 * DAY, NOW)["bucket"]).toBe("hour");
    expect(query(NOW - 60 * DAY, NOW)).toMatchObject({ bucket: "day", zone: "Asia/Kolkata" });
    expect(query(NOW - 300 * DAY, NOW)["zone"]).toBeUndefined(); // so many days are there in UTC only
  });

  it("of seven days is told by its begin", () => {
    expect(queryOf({ kind: "7d" }, NOW, "UTC").get("from")).toBe("2026-11-20T12:00:00.000Z");
  });

  it("says what is wrong with it", () => {
    expect(problemOf(null, NOW)).toMatch(/both/);
    expect(problemOf(NOW, NOW)).toMatch(/after/);
    expect(problemOf(NOW - 400 * DAY, NOW)).toMatch(/367/);
    expect(problemOf(NOW - DAY, NOW)).toBeNull();
  });

  it("is not read again and again when it is over", () => {
    expect(isOpen(custom(NOW - DAY, NOW - HOUR), NOW)).toBe(false);
    expect(isOpen({ kind: "30d" }, NOW)).toBe(true);
  });
});
