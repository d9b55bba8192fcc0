import { useId } from "react";
import { count, localZone, percent, span } from "../../lib/figures";
import { useView } from "../../lib/useView";
import { statsOf, type Spread, type Totals } from "../../parts/numbers/stats";
import { Stat } from "../../ui/Stat";

const DAY_MS = 86_400_000;
/** Yesterday does not change any more, but it moves on. */
const YESTERDAY_POLL_MS = 300_000;

type Delta = NonNullable<Parameters<typeof Stat>[0]["delta"]>;

/** How the last 24 hours went, beside the 24 hours before. */
export function Figures({ totals }: { totals: Totals | undefined }) {
  const id = useId();
  const zone = localZone();
  const before = useView(
    ["home", "before", zone],
    async (api, signal) => {
      const to = new Date(Date.now() - DAY_MS).toISOString();
      const from = new Date(Date.now() - 2 * DAY_MS).toISOString();
      const query = new URLSearchParams({ bucket: "hour", zone, from, to });
      return statsOf((await api.get(`/api/v1/dashboard/stats?${query}`, signal)).body).totals;
    },
    { pollWhenNotLive: YESTERDAY_POLL_MS },
  ).data;
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <h2 id={id} className="text-sm font-semibold">
        The last 24 hours <span className="font-normal text-muted">and the change against the 24 before</span>
      </h2>
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
      <Stat
        label="Received"
        value={totals && count(totals.received)}
        note={totals && `${count(totals.completed)} completed`}
        hint="Tickets that came in the last 24 hours"
      />
      <Stat
        label="First response"
        value={totals && spanOf(totals.firstResponse.p50)}
        delta={shorter(totals?.firstResponse.p50, before?.firstResponse.p50)}
        note={totals && slowest(totals.firstResponse)}
        hint="Half of the tickets were answered within this time"
      />
      <Stat
        label="Resolution"
        value={totals && spanOf(totals.resolution.p50)}
        delta={shorter(totals?.resolution.p50, before?.resolution.p50)}
        note={totals && slowest(totals.resolution)}
        hint="Half of the tickets were resolved within this time"
      />
      <Stat
        label="Automation rate"
        value={totals && shareOf(totals.automationRate)}
        delta={higher(totals?.automationRate, before?.automationRate)}
        note={totals && (totals.automationRate === null ? "Nothing completed yet" : "without a person")}
        hint="Of the completed tickets, those in which no person had a part"
      />
      <Stat
        label="Approval rate"
        value={totals && shareOf(totals.approvalRate)}
        delta={neutral(higher(totals?.approvalRate, before?.approvalRate))}
        note={totals && (totals.approvalRate === null ? "Nothing decided yet" : "of what people decided")}
        hint="Of what people decided about tickets' actions, what they approved"
      />
      <Stat
        label="Completion rate"
        value={totals && shareOf(totals.completionRate)}
        delta={higher(totals?.completionRate, before?.completionRate)}
        note={totals && (totals.completionRate === null ? "Nothing ended yet" : "not escalated, not failed")}
        hint="Of the tickets that ended, those completed; the others escalated or failed"
      />
      </div>
    </section>
  );
}

function spanOf(seconds: number | null): string | null {
  return seconds === null ? null : span(seconds);
}

function shareOf(share: number | null): string | null {
  return share === null ? null : percent(share);
}

function slowest({ p95 }: Spread): string {
  return p95 === null ? "Nothing measured yet" : `95 % within ${span(p95)}`;
}

function shorter(now: number | null | undefined, before: number | null | undefined): Delta | undefined {
  if (now === null || now === undefined || before === null || before === undefined || before === 0) {
    return undefined;
  }
  const change = (now - before) / before;
  const words = `${percent(Math.abs(change))} ${change < 0 ? "faster" : "slower"}`;
  return Math.abs(change) < 0.005
    ? { text: "as before", direction: "flat", good: null }
    : { text: words, direction: change < 0 ? "down" : "up", good: change < 0 };
}

function higher(now: number | null | undefined, before: number | null | undefined): Delta | undefined {
  if (now === null || now === undefined || before === null || before === undefined) {
    return undefined;
  }
  const points = (now - before) * 100;
  return Math.abs(points) < 0.05
    ? { text: "as before", direction: "flat", good: null }
    : {
        text: `${Math.abs(points).toFixed(1)} points ${points > 0 ? "more" : "less"}`,
        direction: points > 0 ? "up" : "down",
        good: points > 0,
      };
}

/** More approvals are neither good nor bad. */
function neutral(delta: Delta | undefined): Delta | undefined {
  return delta === undefined ? undefined : { ...delta, good: null };
}
