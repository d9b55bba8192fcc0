import { memo } from "react";
import { count } from "../../lib/figures";
import { useOwnHealth } from "../../parts/health/services";
import { StatusBadge } from "../../ui/Badge";
import { Panel } from "../../ui/Panel";
import { ErrorState, SkeletonRows } from "../../ui/States";
import { Age, Time } from "../../ui/Time";

/** Whether OpsRelay itself is well. */
export const OwnServices = memo(function OwnServices() {
  const view = useOwnHealth();
  return (
    <Panel title="OpsRelay's services" actions={<Age at={view.at} />}>
      {view.data === undefined ? (
        view.error === null ? (
          <SkeletonRows rows={5} />
        ) : (
          <ErrorState error={view.error} onRetry={view.refresh} />
        )
      ) : (
        <ul role="list" aria-label="OpsRelay's services" className="divide-y divide-line">
          {view.data.services.map(({ name, status, since, instances, ready }) => (
            <li key={name} className="flex min-h-9 items-center gap-3 px-3 py-1.5">
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <span className="text-xs text-muted tabular-nums">
                {instances !== null && ready !== null && instances > 1 && `${ready} of ${instances} ready`}
                {status !== "up" && since !== null && <Time at={since} />}
              </span>
              <StatusBadge status={status} />
            </li>
          ))}
          <li className="flex min-h-9 items-center gap-3 px-3 py-1.5">
            <span className="min-w-0 flex-1 truncate">Live events</span>
            <span className="text-xs text-muted tabular-nums">
              {view.data.feedLag !== null && view.data.feedLag > 0 && `${count(view.data.feedLag)} behind`}
            </span>
            <StatusBadge status={view.data.feed} />
          </li>
        </ul>
      )}
    </Panel>
  );
});
