const HOUR = 3_600_000;

/** An answer of `GET /api/v1/dashboard/stats`, with some of its totals replaced. */
export function statsAnswer(totals: object = {}, now: object = {}) {
  const from = Date.UTC(2026, 10, 26, 10);
  const at = (hours: number) => new Date(from + hours * HOUR).toISOString();
  return {
    from: at(0),
    to: at(3),
    bucket: "hour",
    zone: "UTC",
    generated: at(3),
    behind_seconds: 0,
    now: {
      total: 60,
      by_status: { received: 7, analyzing: 4, awaiting_approval: 5, acting: 3, resolved: 30, escalated: 2, failed: 1, closed: 8 },
      pending: 7,
      processing: 12,
      completed: 38,
      failed: 1,
      escalated: 2,
      ...now,
    },
    totals: {
      received: 1_234,
      by_channel: { api: 1_000, email: 234 },
      by_category: { double_charge: 1_230, unset: 4 },
      by_priority: { high: 1_234 },
      by_industry: {},
      completed: 900,
      escalated: 20,
      failed: 3,
      reopened: 1,
      entered: { received: 1_234, resolved: 900 },
      left: {},
      runs: { finished: 900 },
      approvals: {},
      completion_rate: 0.975,
      automation_rate: 0.7134,
      accuracy: null,
      reviewed: 0,
      corrections: 0,
      first_response: { count: 1_200, mean_seconds: 4.1, p50_seconds: 3.2, p90_seconds: 12, p95_seconds: 18.4, p99_seconds: 61 },
      resolution: { count: 900, mean_seconds: 180, p50_seconds: 71, p90_seconds: 420, p95_seconds: 1_210, p99_seconds: 9_100 },
      processing: { count: 0 },
      ...totals,
    },
    series: [0, 1, 2].map((hour) => ({
      start: at(hour),
      received: 400 + hour,
      completed: 300,
      escalated: 5,
      failed: 1,
      reopened: 0,
      ...(hour === 1 ? {} : { completion_rate: 0.98, first_response_p50_seconds: 3.2, first_response_p95_seconds: 18 }),
    })),
  };
}
