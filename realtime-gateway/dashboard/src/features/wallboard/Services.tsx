import { useClock } from "../../lib/clock";
import { count } from "../../lib/figures";
import { age } from "../../lib/format";
import { useOwnHealth, type OwnHealth } from "../../parts/health/services";
import { StatusBadge } from "../../ui/Badge";
import { Skeleton } from "../../ui/States";
import { Failed, Old } from "./Old";
import { MIDDLE, SMALL } from "./Tile";

const BADGE = "lg:h-11 lg:gap-2 lg:px-4 lg:text-[clamp(1.125rem,1.6vw,1.75rem)] lg:leading-snug lg:[&_svg]:size-6";

/** Whether OpsRelay itself is well. */
export function Services() {
  const now = useClock();
  const view = useOwnHealth();
  if (view.data === undefined && view.error !== null) {
    return <Failed view={view} />;
  }
  const health = view.data;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 lg:gap-4">
      <Old view={view} />
      <ul role="list" aria-label="OpsRelay's services" className="grid flex-1 auto-rows-fr gap-3 sm:grid-cols-2 lg:grid-cols-3 lg:gap-4">
        {health === undefined
          ? [0, 1, 2, 3, 4].map((each) => (
              <li key={each} className="rounded-lg border border-line bg-surface p-5">
                <Skeleton className="h-16 w-full" />
              </li>
            ))
          : [
              <Service key="all" name="OpsRelay" status={health.status}>
                {allOf(health)}
              </Service>,
              ...health.services.map(({ name, status, since, instances, ready }) => (
                <Service key={name} name={name} status={status}>
                  {instances !== null && ready !== null && `${count(ready)} of ${count(instances)} ready`}
                  {since !== null && (
                    <>
                      {instances !== null && " · "}
                      for {age(Math.max(0, now - since))}
                    </>
                  )}
                </Service>
              )),
              <Service key="feed" name="Live events" status={health.feed}>
                {health.connections !== null && `${count(health.connections)} connected`}
                {health.feedLag !== null && health.feedLag > 0 && ` · ${count(health.feedLag)} behind`}
              </Service>,
            ]}
      </ul>
    </div>
  );
}

function allOf({ status, services, feed }: OwnHealth): string {
  const down = [...services, { name: "live events", status: feed }].filter((each) => each.status !== "up");
  if (down.length > 0) {
    return `Down: ${down.map(({ name }) => name).join(", ")}`;
  }
  const partly = services.filter(({ instances, ready }) => instances !== null && ready !== null && ready < instances);
  if (partly.length > 0) {
    return `Not ready everywhere: ${partly.map(({ name }) => name).join(", ")}`;
  }
  return status === "healthy" ? "Everything works" : "\u00a0";
}

function Service({ name, status, children }: { name: string; status: string; children: React.ReactNode }) {
  return (
    <li className="flex min-w-0 flex-col justify-center gap-3 rounded-lg border border-line bg-surface p-3 lg:p-6">
      <p className={`truncate font-semibold ${MIDDLE}`}>{name}</p>
      <p className="flex">
        <StatusBadge status={status} className={BADGE} />
      </p>
      <p className={`min-h-5 text-muted tabular-nums ${SMALL}`}>{children}</p>
    </li>
  );
}
