import { instant } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";

/** Tickets by status, as they stand now, and by the older names for groups of them. */
export interface Counts {
  readonly total: number;
  readonly byStatus: ReadonlyMap<string, number>;
  readonly pending: number;
  readonly processing: number;
  readonly completed: number;
  readonly failed: number;
  readonly escalated: number;
}

/** How long something took, in seconds; null where nothing was measured. */
export interface Spread {
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Sums over a span of time. Shares are 0 to 1, null where there was nothing to share. */
export interface Totals {
  readonly received: number;
  readonly completed: number;
  readonly escalated: number;
  readonly failed: number;
  readonly reopened: number;
  readonly byChannel: ReadonlyMap<string, number>;
  readonly byCategory: ReadonlyMap<string, number>;
  readonly byPriority: ReadonlyMap<string, number>;
  readonly byIndustry: ReadonlyMap<string, number>;
  /** Tickets that came into each status. */
  readonly entered: ReadonlyMap<string, number>;
  readonly runs: ReadonlyMap<string, number>;
  readonly approvals: ReadonlyMap<string, number>;
  readonly completionRate: number | null;
  readonly automationRate: number | null;
  readonly approvalRate: number | null;
  readonly accuracy: number | null;
  readonly reviewed: number;
  readonly corrections: number;
  readonly firstResponse: Spread;
  readonly resolution: Spread;
  readonly processing: Spread;
}

/** One bucket of a span. */
export interface Point {
  /** Its begin, in milliseconds since 1970. */
  readonly at: number;
  readonly received: number;
  readonly completed: number;
  readonly escalated: number;
  readonly failed: number;
  readonly reopened: number;
  readonly completionRate: number | null;
  readonly automationRate: number | null;
  readonly approvalRate: number | null;
  readonly firstResponseP50: number | null;
  readonly firstResponseP95: number | null;
  readonly resolutionP50: number | null;
  readonly resolutionP95: number | null;
}

export interface Stats {
  readonly from: number | null;
  readonly to: number | null;
  readonly bucket: string;
  readonly zone: string;
  /** When the numbers were read, in milliseconds since 1970. */
  readonly generated: number | null;
  readonly now: Counts;
  readonly totals: Totals;
  readonly series: readonly Point[];
}

/** Reads `GET /api/v1/dashboard/stats`. */
export function statsOf(body: unknown): Stats {
  const stats = objectOf(body);
  const series = Array.isArray(stats["series"]) ? (stats["series"] as unknown[]) : [];
  return {
    from: instant(text(stats["from"])),
    to: instant(text(stats["to"])),
    bucket: text(stats["bucket"]) ?? "hour",
    zone: text(stats["zone"]) ?? "UTC",
    generated: instant(text(stats["generated"])),
    now: countsOf(stats["now"]),
    totals: totalsOf(stats["totals"]),
    series: series.filter(isObject).flatMap(pointOf),
  };
}

export function countsOf(value: unknown): Counts {
  const counts = objectOf(value);
  return {
    total: whole(counts["total"]),
    byStatus: mapOf(counts["by_status"]),
    pending: whole(counts["pending"]),
    processing: whole(counts["processing"]),
    completed: whole(counts["completed"]),
    failed: whole(counts["failed"]),
    escalated: whole(counts["escalated"]),
  };
}

function totalsOf(value: unknown): Totals {
  const totals = objectOf(value);
  return {
    received: whole(totals["received"]),
    completed: whole(totals["completed"]),
    escalated: whole(totals["escalated"]),
    failed: whole(totals["failed"]),
    reopened: whole(totals["reopened"]),
    byChannel: mapOf(totals["by_channel"]),
    byCategory: mapOf(totals["by_category"]),
    byPriority: mapOf(totals["by_priority"]),
    byIndustry: mapOf(totals["by_industry"]),
    entered: mapOf(totals["entered"]),
    runs: mapOf(totals["runs"]),
    approvals: mapOf(totals["approvals"]),
    completionRate: measured(totals["completion_rate"]),
    automationRate: measured(totals["automation_rate"]),
    approvalRate: measured(totals["approval_rate"]),
    accuracy: measured(totals["accuracy"]),
    reviewed: whole(totals["reviewed"]),
    corrections: whole(totals["corrections"]),
    firstResponse: spreadOf(totals["first_response"]),
    resolution: spreadOf(totals["resolution"]),
    processing: spreadOf(totals["processing"]),
  };
}

function spreadOf(value: unknown): Spread {
  const spread = objectOf(value);
  return {
    count: whole(spread["count"]),
    mean: measured(spread["mean_seconds"]),
    p50: measured(spread["p50_seconds"]),
    p90: measured(spread["p90_seconds"]),
    p95: measured(spread["p95_seconds"]),
    p99: measured(spread["p99_seconds"]),
  };
}

function pointOf(point: JsonObject): Point[] {
  const at = instant(text(point["start"]));
  if (at === null) {
    return []; // it has no place on the axis
  }
  return [
    {
      at,
      received: whole(point["received"]),
      completed: whole(point["completed"]),
      escalated: whole(point["escalated"]),
      failed: whole(point["failed"]),
      reopened: whole(point["reopened"]),
      completionRate: measured(point["completion_rate"]),
      automationRate: measured(point["automation_rate"]),
      approvalRate: measured(point["approval_rate"]),
      firstResponseP50: measured(point["first_response_p50_seconds"]),
      firstResponseP95: measured(point["first_response_p95_seconds"]),
      resolutionP50: measured(point["resolution_p50_seconds"]),
      resolutionP95: measured(point["resolution_p95_seconds"]),
    },
  ];
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function whole(value: unknown): number {
  return measured(value) ?? 0;
}

function measured(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The greatest first. */
function mapOf(value: unknown): ReadonlyMap<string, number> {
  const entries = Object.entries(objectOf(value)).flatMap(([name, count]) =>
    typeof count === "number" ? [[name, count] as const] : [],
  );
  return new Map(entries.sort(([a, left], [b, right]) => right - left || a.localeCompare(b)));
}
