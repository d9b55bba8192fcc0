import { useMemo } from "react";
import { firstResponseOf, isEmpty, ratesOf, resolutionOf, volumeOf } from "../../parts/numbers/charts";
import type { Stats } from "../../parts/numbers/stats";
import { Chart } from "../../ui/Chart";
import { Panel } from "../../ui/Panel";
import { EmptyState, Skeleton } from "../../ui/States";

const HEIGHT = 220;

/** The span bucket by bucket. Dragging over a chart shows that part of it. */
export function History({ stats, onRange }: { stats: Stats | undefined; onRange: (from: number, to: number) => void }) {
  const points = stats?.series;
  const charts = useMemo(
    () => [
      { title: "Volume", chart: points && volumeOf(points), empty: "No tickets in this range" },
      { title: "Rates", chart: points && ratesOf(points), empty: "Nothing ended in this range" },
      { title: "First response", chart: points && firstResponseOf(points), empty: "Nothing was answered in this range" },
      { title: "Resolution", chart: points && resolutionOf(points), empty: "Nothing was resolved in this range" },
    ],
    [points],
  );
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {charts.map(({ title, chart, empty }) => (
        <Panel key={title} title={title}>
          <div className="flex min-h-72 flex-col justify-center p-3">
            {chart === undefined ? (
              <Skeleton className="h-66 w-full" />
            ) : title !== "Rates" && isEmpty(chart) ? (
              <EmptyState title={empty} />
            ) : title === "Rates" && chart.series.every(({ values }) => values.every((value) => value === null)) ? (
              <EmptyState title={empty} />
            ) : (
              <Chart {...chart} height={HEIGHT} onRange={onRange} />
            )}
          </div>
        </Panel>
      ))}
    </div>
  );
}
