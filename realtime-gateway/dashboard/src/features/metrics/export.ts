import { csv } from "../../lib/csv";
import type { Stats } from "../../parts/numbers/stats";
import { BREAKDOWNS } from "./Breakdowns";
import { COLUMNS, TIMES } from "./Times";

/** Each bucket of the span in a row: times in seconds, shares 0 to 1, empty where nothing was measured. */
export function courseCsv({ series }: Stats): string {
  return csv([
    [
      "start",
      "received",
      "completed",
      "escalated",
      "failed",
      "reopened",
      "completion_rate",
      "automation_rate",
      "approval_rate",
      "first_response_p50_seconds",
      "first_response_p95_seconds",
      "resolution_p50_seconds",
      "resolution_p95_seconds",
    ],
    ...series.map((point) => [
      new Date(point.at).toISOString(),
      point.received,
      point.completed,
      point.escalated,
      point.failed,
      point.reopened,
      point.completionRate,
      point.automationRate,
      point.approvalRate,
      point.firstResponseP50,
      point.firstResponseP95,
      point.resolutionP50,
      point.resolutionP95,
    ]),
  ]);
}

/** The sums, times and breakdowns of the span, one figure in a row. */
export function sumsCsv(stats: Stats): string {
  const { totals } = stats;
  const sums: readonly (readonly [string, string, number | null])[] = [
    ["tickets", "received", totals.received],
    ["tickets", "completed", totals.completed],
    ["tickets", "escalated", totals.escalated],
    ["tickets", "failed", totals.failed],
    ["tickets", "reopened", totals.reopened],
    ["rate", "completion", totals.completionRate],
    ["rate", "automation", totals.automationRate],
    ["rate", "approval", totals.approvalRate],
    ["classification", "accuracy", totals.accuracy],
    ["classification", "reviewed", totals.reviewed],
    ["classification", "corrections", totals.corrections],
  ];
  return csv([
    ["group", "name", "value"],
    ...sums,
    ...TIMES.flatMap(({ id, name }) => [
      [`${name} (s)`, "count", totals[id].count] as const,
      ...COLUMNS.map((column) => [`${name} (s)`, column.name, column.of(totals[id])] as const),
    ]),
    ...BREAKDOWNS.flatMap(({ title, of }) => [...of(stats)].map(([name, value]) => [title, name, value] as const)),
  ]);
}

export function fileName(what: string, { from, to }: Stats): string {
  const day = (at: number | null) => (at === null ? "" : `-${new Date(at).toISOString().slice(0, 10)}`);
  return `opsrelay-${what}${day(from)}${day(to)}.csv`;
}
