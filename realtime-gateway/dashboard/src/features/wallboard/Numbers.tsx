import { useMemo } from "react";
import { count, localZone, percent, span } from "../../lib/figures";
import { isWide } from "../../lib/isWide";
import { read, useView } from "../../lib/useView";
import { isEmpty, volumeOf } from "../../parts/numbers/charts";
import { useCountsNow, useNewNumbers } from "../../parts/numbers/live";
import { statsOf } from "../../parts/numbers/stats";
import { Chart } from "../../ui/Chart";
import { EmptyState, Skeleton } from "../../ui/States";
import { Failed, Old } from "./Old";
import { Tile } from "./Tile";

const GAP_MS = 2_000;

/** Where the tickets stand, and how the last day went. */
export function Numbers() {
  const zone = localZone();
  // The same numbers as Home's, so that they are there at once for whoever comes from it.
  const view = useView(
    ["home", "stats", zone],
    read(`/api/v1/dashboard/stats?bucket=hour&zone=${encodeURIComponent(zone)}`, ({ body }) => statsOf(body)),
    { live: ["metrics"], matters: useNewNumbers(), minGap: GAP_MS },
  );
  const now = useCountsNow(view.data);
  const { totals, series } = view.data ?? {};
  const chart = useMemo(() => series && volumeOf(series), [series]);
  if (view.data === undefined && view.error !== null) {
    return <Failed view={view} />;
  }
  const stands = now && [now.pending, now.processing, now.escalated, now.failed, now.completed].map(count);
  const day = totals && [
    count(totals.received),
    orNull(totals.firstResponse.p50, span),
    orNull(totals.resolution.p50, span),
    orNull(totals.automationRate, percent),
  ];
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 lg:gap-4">
      <Old view={view} />
      <div className="grid grid-cols-2 gap-3 md:grid-cols-5 lg:min-h-0 lg:flex-1 lg:gap-4">
        <Tile label="Pending" value={stands?.[0]} signs={longest(stands)} />
        <Tile
          label="Processing"
          value={stands?.[1]}
          signs={longest(stands)}
          tone="text-info"
          note={now && `${count(now.byStatus.get("awaiting_approval") ?? 0)} wait for approval`}
        />
        <Tile label="Escalated" value={stands?.[2]} signs={longest(stands)} tone="text-warn" note="with a person" />
        <Tile
          label="Failed"
          value={stands?.[3]}
          signs={longest(stands)}
          tone={now !== undefined && now.failed > 0 ? "text-bad" : "text-ink"}
        />
        <Tile label="Completed" value={stands?.[4]} signs={longest(stands)} tone="text-good" className="max-md:col-span-2" />
      </div>
      <div className="grid grid-cols-2 gap-3 md:grid-cols-4 lg:min-h-0 lg:flex-1 lg:gap-4">
        <Tile
          label="Received in 24 h"
          value={day?.[0]}
          signs={longest(day)}
          note={totals && `${count(totals.completed)} completed`}
        />
        <Tile
          label="First response"
          value={day?.[1]}
          signs={longest(day)}
          note={totals && within(totals.firstResponse.p95)}
        />
        <Tile
          label="Resolution"
          value={day?.[2]}
          signs={longest(day)}
          note={totals && within(totals.resolution.p95)}
        />
        <Tile
          label="Automation rate"
          value={day?.[3]}
          signs={longest(day)}
          note={totals && (totals.automationRate === null ? "nothing completed yet" : "completed without a person")}
        />
      </div>
      <div className="flex shrink-0 flex-col justify-center rounded-lg border border-line bg-surface p-3 lg:p-5">
        {chart === undefined ? (
          <Skeleton className="h-52 w-full" />
        ) : isEmpty(chart) ? (
          <EmptyState title="No tickets in the last 24 hours" />
        ) : (
          <Chart {...chart} label="Tickets in the last 24 hours, by the hour" height={200} large={isWide()} />
        )}
      </div>
    </div>
  );
}

function longest(figures: readonly (string | null)[] | undefined): number {
  return Math.max(3, ...(figures ?? []).map((figure) => figure?.length ?? 0));
}

function within(p95: number | null): string {
  return p95 === null ? "nothing measured yet" : `95 % within ${span(p95)}`;
}

function orNull(value: number | null, format: (value: number) => string): string | null {
  return value === null ? null : format(value);
}
