import type { Phase, RealtimeClient } from "realtime-client";
import { useClock } from "../../lib/clock";
import { age } from "../../lib/format";
import { standstillInWords, useStandstill } from "../../lib/standstill";

const PILL: Readonly<Record<Phase, { name: string; look: string; title: string }>> = {
  connecting: { name: "Connecting", look: "bg-raised text-muted", title: "Connecting to the stream" },
  live: { name: "Live", look: "bg-good-soft text-good", title: "Changes arrive as they happen" },
  polling: { name: "API", look: "bg-warn-soft text-warn", title: "No stream: each view is read again and again" },
  offline: { name: "Offline", look: "bg-bad-soft text-bad", title: "OpsRelay cannot be reached; the last data is shown" },
};

const STILL = { look: PILL.polling.look, title: "What happens does not reach the gateway: each view is read again and again" };

/** How current the page is; also on the wallboard. */
export function StatusPill({ current, realtime }: { current: Phase; realtime: RealtimeClient }) {
  const now = useClock();
  const { lastUpdate } = realtime.connection;
  const standstill = useStandstill();
  const isStill = current === "live" && standstill !== null;
  const { name } = PILL[current];
  const { look, title } = isStill ? STILL : PILL[current];
  return (
    <span
      title={title}
      className={`inline-flex h-6 shrink-0 items-center gap-1.5 rounded-full px-2.5 text-xs font-medium ${look}`}
    >
      <PhaseMark current={isStill ? "polling" : current} />
      <span role="status">
        {name}
        {isStill && <span className="max-lg:sr-only">, but {standstillInWords(standstill)}</span>}
      </span>
      {lastUpdate !== null && (
        <span className="hidden font-normal tabular-nums sm:inline" title="Age of the last update">
          · {age(Math.max(0, now - lastUpdate))}
        </span>
      )}
    </span>
  );
}

/** Filled, half and hollow: the phases differ in shape, not only in colour. */
function PhaseMark({ current }: { current: Phase }) {
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true" className="size-2 fill-none stroke-current stroke-2">
      <circle cx="5" cy="5" r="4" className={current === "live" ? "fill-current" : ""} />
      {current === "polling" && <path d="M5 1a4 4 0 0 1 0 8Z" className="fill-current" />}
    </svg>
  );
}
