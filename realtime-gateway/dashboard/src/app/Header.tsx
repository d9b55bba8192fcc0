import { phase, type Connection, type Phase, type RealtimeClient } from "realtime-client";
import { age } from "../lib/format";
import { useNow } from "../lib/useNow";
import { Button } from "../ui/Button";
import mark from "../ui/mark.svg";

interface HeaderProps {
  connection: Connection;
  realtime: RealtimeClient;
  onSignOut: () => void;
}

export function Header({ connection, realtime, onSignOut }: HeaderProps) {
  const session = connection.session;
  return (
    <header className="sticky top-0 z-10 flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-surface px-4 py-1.5">
      <h1 className="flex items-center gap-2 text-sm font-semibold">
        <img src={mark} alt="" className="size-6" />
        OpsRelay
      </h1>
      <StatusPill current={phase(connection)} realtime={realtime} />
      <p className="order-last flex w-full min-w-0 items-center gap-2 text-muted sm:order-none sm:ml-auto sm:w-auto">
        {session !== null && (
          <>
            <span className="font-medium text-ink">{session.clientId}</span>
            <span aria-hidden="true">/</span>
            <span className="truncate" title={`Roles: ${session.roles.join(", ")}`}>
              {session.user}
            </span>
          </>
        )}
      </p>
      <Button look="quiet" size="small" className="ml-auto sm:ml-0" onClick={onSignOut}>
        Sign out
      </Button>
    </header>
  );
}

const PILL: Readonly<Record<Phase, { name: string; look: string }>> = {
  connecting: { name: "Connecting", look: "bg-raised text-muted" },
  live: { name: "Live", look: "bg-good-soft text-good" },
  polling: { name: "API", look: "bg-warn-soft text-warn" },
  offline: { name: "Offline", look: "bg-bad-soft text-bad" },
};

function StatusPill({ current, realtime }: { current: Phase; realtime: RealtimeClient }) {
  const now = useNow(1_000);
  const { lastUpdate } = realtime.connection;
  const { name, look } = PILL[current];
  return (
    <span className={`inline-flex h-6 items-center gap-1.5 rounded-full px-2.5 text-xs font-medium ${look}`}>
      <PhaseMark current={current} />
      <span role="status">{name}</span>
      {lastUpdate !== null && (
        <span className="font-normal tabular-nums" title="Age of the last update">
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
