import { memo, useMemo } from "react";
import { Link } from "@tanstack/react-router";
import { firstResponseOf, isEmpty, resolutionOf, volumeOf } from "../../parts/numbers/charts";
import type { Point } from "../../parts/numbers/stats";
import { Chart } from "../../ui/Chart";
import { Panel } from "../../ui/Panel";
import { EmptyState, Skeleton } from "../../ui/States";

/** The last 24 hours, hour by hour. */
export const Charts = memo(function Charts({ points }: { points: readonly Point[] | undefined }) {
  const charts = useMemo(
    () => points && { volume: volumeOf(points), first: firstResponseOf(points), resolution: resolutionOf(points) },
    [points],
  );
  const all = (
    <Link to="/metrics" className="ml-auto text-xs text-accent underline-offset-2 hover:underline">
      All metrics
    </Link>
  );
  return (
    <div className="grid gap-4 lg:grid-cols-2 xl:grid-cols-3">
      <Panel title="Volume" actions={all} className="lg:max-xl:col-span-2">
        <Drawn chart={charts?.volume} empty="No tickets in the last 24 hours" />
      </Panel>
      <Panel title="First response">
        <Drawn chart={charts?.first} empty="Nothing was answered in the last 24 hours" />
      </Panel>
      <Panel title="Resolution">
        <Drawn chart={charts?.resolution} empty="Nothing was resolved in the last 24 hours" />
      </Panel>
    </div>
  );
});

function Drawn({ chart, empty }: { chart: ReturnType<typeof volumeOf> | undefined; empty: string }) {
  return (
    <div className="flex min-h-62 flex-col justify-center p-3">
      {chart === undefined ? (
        <Skeleton className="h-56 w-full" />
      ) : isEmpty(chart) ? (
        <EmptyState title={empty} />
      ) : (
        <Chart {...chart} height={180} />
      )}
    </div>
  );
}
