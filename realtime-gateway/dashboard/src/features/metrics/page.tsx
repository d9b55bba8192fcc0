import { getRouteApi } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useCommands } from "../../lib/commands";
import { saveText } from "../../lib/csv";
import { localZone } from "../../lib/figures";
import { useView } from "../../lib/useView";
import { useNewNumbers } from "../../parts/numbers/live";
import { statsOf } from "../../parts/numbers/stats";
import { Button } from "../../ui/Button";
import { DropdownMenu, MenuItem } from "../../ui/Menu";
import { Page, PageHeader } from "../../ui/Page";
import { Panel } from "../../ui/Panel";
import { ProgressLine } from "../../ui/Progress";
import { ErrorState } from "../../ui/States";
import { Age } from "../../ui/Time";
import { Breakdowns } from "./Breakdowns";
import { courseCsv, fileName, sumsCsv } from "./export";
import { History } from "./History";
import { isOpen, queryOf, rangeOf, type Range } from "./range";
import { RangePicker } from "./RangePicker";
import { Sums } from "./Sums";
import { Times } from "./Times";

const route = getRouteApi("/shell/metrics");
const LIVE = ["metrics"] as const;
const OVER = [] as const;
const GAP_MS = 5_000;
/** What is over changes only where an event comes late. */
const OVER_POLL_MS = 300_000;

function Metrics() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { range: kind, from, to } = search;
  const range = useMemo(() => rangeOf({ range: kind, from, to }), [kind, from, to]);
  const zone = localZone();
  const key = JSON.stringify(range);
  const open = isOpen(range, Date.now());
  const matters = useNewNumbers();
  const view = useView(
    ["metrics", key, zone],
    async (api, signal) => {
      const { body } = await api.get(`/api/v1/dashboard/stats?${queryOf(range, Date.now(), zone)}`, signal);
      return { of: key, stats: statsOf(body) };
    },
    open ? { live: LIVE, matters, minGap: GAP_MS } : { live: OVER, pollWhenNotLive: OVER_POLL_MS },
  );
  const stats = view.data?.stats;
  // The numbers of the last range stay until those of this one are there.
  const isBefore = view.data !== undefined && view.data.of !== key;

  const choose = useCallback(
    (next: Range) =>
      void navigate({
        search:
          next.kind === "custom"
            ? { range: "custom", from: new Date(next.from).toISOString(), to: new Date(next.to).toISOString() }
            : next.kind === "24h"
              ? {}
              : { range: next.kind },
      }),
    [navigate],
  );
  const zoom = useCallback((begin: number, end: number) => choose({ kind: "custom", from: begin, to: end }), [choose]);
  const canExport = stats !== undefined && !isBefore;
  const exportCourse = useCallback(() => {
    if (stats !== undefined) {
      saveText(fileName("course", stats), courseCsv(stats));
    }
  }, [stats]);
  const exportSums = useCallback(() => {
    if (stats !== undefined) {
      saveText(fileName("sums", stats), sumsCsv(stats));
    }
  }, [stats]);
  useCommands(
    useMemo(
      () => [
        { id: "metrics.24h", title: "Show the last 24 hours", group: "Metrics", run: () => choose({ kind: "24h" }) },
        { id: "metrics.7d", title: "Show the last 7 days", group: "Metrics", run: () => choose({ kind: "7d" }) },
        { id: "metrics.30d", title: "Show the last 30 days", group: "Metrics", run: () => choose({ kind: "30d" }) },
        { id: "metrics.export", title: "Export what is shown over time as CSV", group: "Metrics", run: exportCourse },
        { id: "metrics.export-sums", title: "Export the sums as CSV", group: "Metrics", run: exportSums },
      ],
      [choose, exportCourse, exportSums],
    ),
  );

  return (
    <Page>
      <PageHeader
        title="Metrics"
        actions={
          <>
            <Age at={view.at} />
            <DropdownMenu
              label="Export"
              trigger={
                <Button icon={Download} disabled={!canExport}>
                  Export
                </Button>
              }
            >
              <MenuItem onSelect={exportCourse}>Over time (CSV)</MenuItem>
              <MenuItem onSelect={exportSums}>Sums and times (CSV)</MenuItem>
            </DropdownMenu>
          </>
        }
      >
        <RangePicker range={range} wantsCustom={kind === "custom"} shown={isBefore ? undefined : stats} onChoose={choose} />
      </PageHeader>
      {stats === undefined && view.error !== null ? (
        <Panel title="Numbers">
          <ErrorState error={view.error} onRetry={view.refresh} />
        </Panel>
      ) : (
        <div aria-busy={isBefore} className="relative flex flex-col gap-4">
          <ProgressLine isOn={isBefore} className="-top-2" />
          <Sums totals={stats?.totals} />
          <History stats={stats} onRange={zoom} />
          <Times totals={stats?.totals} />
          <Breakdowns stats={stats} />
        </div>
      )}
    </Page>
  );
}

export { Metrics as Page };
