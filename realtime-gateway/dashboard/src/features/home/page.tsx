import { memo } from "react";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { phase } from "realtime-client";
import { useConnection, useRealtimeClient } from "realtime-client/react";
import { localZone } from "../../lib/figures";
import { useHasRole } from "../../lib/session";
import { standstillInWords, useStandstill } from "../../lib/standstill";
import { read, useView } from "../../lib/useView";
import { AgentWork } from "../../parts/agent/AgentWork";
import { FeedList } from "../../parts/feed/FeedList";
import { FEED_CHANNELS, useFeed } from "../../parts/feed/context";
import { useNewNumbers } from "../../parts/numbers/live";
import { statsOf } from "../../parts/numbers/stats";
import { Page, PageHeader } from "../../ui/Page";
import { Panel } from "../../ui/Panel";
import { ErrorState } from "../../ui/States";
import { Age } from "../../ui/Time";
import { AtWork } from "./AtWork";
import { Charts } from "./Charts";
import { Figures } from "./Figures";
import { OwnServices } from "./OwnServices";
import { RecentTickets } from "./RecentTickets";
import { TicketsNow } from "./TicketsNow";

/** The numbers change with every ticket; under load a reading each two seconds is as good as each one. */
const GAP_MS = 2_000;

/** What stands where, how the last day went, and what happens now. */
function Home() {
  const zone = localZone();
  const view = useView(
    ["home", "stats", zone],
    read(`/api/v1/dashboard/stats?bucket=hour&zone=${encodeURIComponent(zone)}`, ({ body }) => statsOf(body)),
    { live: ["metrics"], matters: useNewNumbers(), minGap: GAP_MS },
  );
  const mayCreate = useHasRole("agent");
  return (
    <Page>
      <PageHeader
        title="Home"
        actions={
          <>
            <Age at={view.at} />
            {mayCreate && (
              <Link
                to="/tickets/new"
                className="inline-flex h-8 items-center gap-1.5 rounded-md md:hidden border border-transparent bg-accent-solid px-3 text-sm font-medium text-white hover:bg-accent-hover pointer-coarse:h-10"
              >
                <Plus aria-hidden="true" className="size-4" />
                New ticket
              </Link>
            )}
          </>
        }
      />
      {view.data === undefined && view.error !== null ? (
        <Panel title="Numbers">
          <ErrorState error={view.error} onRetry={view.refresh} />
        </Panel>
      ) : (
        <>
          <TicketsNow read={view.data} />
          <Figures totals={view.data?.totals} />
          <Charts points={view.data?.series} />
        </>
      )}
      <div className="grid gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <RecentTickets />
        <div className="flex min-w-0 flex-col gap-4">
          <AtWork />
          <OwnServices />
        </div>
      </div>
      <Events />
    </Page>
  );
}

function agentWorkOf(id: string) {
  return <AgentWork key={id} ticketId={id} />;
}

/** Not with the numbers: nothing of them is in here. */
const Events = memo(function Events() {
  const feed = useFeed();
  const current = phase(useConnection(useRealtimeClient()));
  const standstill = useStandstill();
  return (
    <div className="min-w-0 max-lg:[&_ol]:max-h-96 max-lg:[&_ol]:overflow-y-auto lg:h-112">
      <FeedList
        store={feed}
        channels={FEED_CHANNELS}
        connecting={current === "connecting"}
        ticket={agentWorkOf}
        status={
          <p>
            {current !== "live"
              ? "States are read from the API"
              : standstill === null
                ? "Events arrive as they happen"
                : `No events: ${standstillInWords(standstill)}`}
          </p>
        }
        emptyHint={
          <>
            <p className="text-base font-semibold">No events yet</p>
            <p className="max-w-sm text-muted">
              As soon as a ticket comes in, each of its steps appears here: received, classified, answered, and, where
              money is involved, approved by a person before it is executed.
            </p>
          </>
        }
      />
    </div>
  );
});

export { Home as Page };
