import { instant } from "../../lib/format";

export type Bucket = "minute" | "hour" | "day";

/** A span of time to be asked for. */
export type Range =
  | { readonly kind: "24h" | "7d" | "30d" }
  | { readonly kind: "custom"; readonly from: number; readonly to: number };

export const PRESETS = [
  { kind: "24h", name: "24 h", spoken: "The last 24 hours" },
  { kind: "7d", name: "7 d", spoken: "The last 7 days" },
  { kind: "30d", name: "30 d", spoken: "The last 30 days" },
] as const;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What the service keeps and gives, see docs/numbers.md. */
const MINUTES_KEPT = 8 * DAY;
const LONGEST = 367 * DAY;
const LONGEST_OF_ZONE = 92 * DAY;

/** The span that an address names; what cannot be asked for becomes the last 24 hours. */
export function rangeOf({ range, from, to }: { range?: string | undefined; from?: string | undefined; to?: string | undefined }): Range {
  if (range === "7d" || range === "30d") {
    return { kind: range };
  }
  const begin = instant(from ?? null);
  const end = instant(to ?? null);
  return range === "custom" && begin !== null && end !== null && problemOf(begin, end) === null
    ? { kind: "custom", from: begin, to: end }
    : { kind: "24h" };
}

/** Why a span cannot be asked for, or null if it can. */
export function problemOf(from: number | null, to: number | null): string | null {
  if (from === null || to === null) {
    return "Give both a begin and an end.";
  }
  if (from >= to) {
    return "The end must come after the begin.";
  }
  return to - from > LONGEST ? "At most 367 days can be shown at once." : null;
}

/** The query of `GET /api/v1/dashboard/stats`: buckets as fine as can be looked at. */
export function queryOf(range: Range, now: number, zone: string): URLSearchParams {
  switch (range.kind) {
    case "24h":
      return new URLSearchParams({ bucket: "hour", zone });
    case "7d":
      return new URLSearchParams({ bucket: "hour", zone, from: new Date(now - 7 * DAY).toISOString() });
    case "30d":
      return new URLSearchParams({ bucket: "day", zone });
    case "custom": {
      const { from, to } = range;
      const times = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
      const bucket = bucketOf(from, to, now);
      return new URLSearchParams(
        bucket === "day" && to - from > LONGEST_OF_ZONE ? { bucket, ...times } : { bucket, zone, ...times },
      );
    }
  }
}

/** Whether it reaches into what is still being counted. */
export function isOpen(range: Range, now: number): boolean {
  return range.kind !== "custom" || range.to > now;
}

function bucketOf(from: number, to: number, now: number): Bucket {
  const length = to - from;
  if (length <= 6 * HOUR && from > now - MINUTES_KEPT) {
    return "minute";
  }
  return length <= 8 * DAY ? "hour" : "day";
}
