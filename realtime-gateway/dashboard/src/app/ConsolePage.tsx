import { useState } from "react";
import { phase, type Connection, type Phase } from "realtime-client";
import { useConnection } from "realtime-client/react";
import { ApprovalQueue } from "../features/approvals/ApprovalQueue";
import { FeedList } from "../features/feed/FeedList";
import { NewTicket } from "../features/tickets/NewTicket";
import { isWide } from "../lib/isWide";
import { Button } from "../ui/Button";
import { CHANNELS, POLL_MS, type Console } from "./console";
import { Header } from "./Header";

const MAY_DECIDE: ReadonlySet<string> = new Set(["approver", "sre", "admin"]);
const MAY_CREATE: ReadonlySet<string> = new Set(["agent", "admin"]);

export function ConsolePage({ parts, onSignOut }: { parts: Console; onSignOut: () => void }) {
  const { realtime, feed } = parts;
  const connection = useConnection(realtime);
  const current = phase(connection);

  const roles = connection.session?.roles ?? [];
  const mayDecide = roles.some((role) => MAY_DECIDE.has(role));
  const mayCreate = roles.some((role) => MAY_CREATE.has(role));
  const hasSide = mayDecide || mayCreate;

  return (
    <div className="flex min-h-dvh flex-col lg:h-dvh">
      <Header connection={connection} realtime={realtime} onSignOut={onSignOut} />
      {hasSide && (
        <nav aria-label="On this page" className="flex gap-4 border-b border-line bg-surface px-4 py-2 lg:hidden">
          {mayDecide && <Jump to="approvals">Approvals</Jump>}
          {mayCreate && <Jump to="new-ticket">New ticket</Jump>}
          <Jump to="events">Events</Jump>
        </nav>
      )}
      <main
        className={`grid min-h-0 flex-1 gap-3 p-3 ${hasSide ? "lg:grid-cols-[minmax(0,1fr)_25rem]" : ""} lg:grid-rows-[minmax(0,1fr)]`}
      >
        {hasSide && (
          <div className="flex min-h-0 min-w-0 flex-col gap-3 lg:order-last lg:overflow-y-auto">
            {mayDecide && <ApprovalQueue />}
            {mayCreate && <NewTicketPanel />}
          </div>
        )}
        <FeedList
          store={feed}
          channels={CHANNELS}
          connecting={current === "connecting"}
          emptyHint={<EmptyHint mayCreate={mayCreate} />}
          status={<StreamStatus connection={connection} current={current} onRetry={() => realtime.retryNow()} />}
        />
      </main>
    </div>
  );
}

function NewTicketPanel() {
  // Open where there is room for it.
  const [open] = useState(isWide);
  return (
    <details id="new-ticket" open={open} className="shrink-0 scroll-mt-24 rounded-lg border border-line bg-surface">
      <summary className="min-h-11 px-3 py-3 text-sm font-semibold">New ticket</summary>
      <div className="border-t border-line">
        <NewTicket />
      </div>
    </details>
  );
}

function EmptyHint({ mayCreate }: { mayCreate: boolean }) {
  return (
    <>
      <p className="text-base font-semibold">No events yet</p>
      <p className="max-w-sm text-muted">
        {mayCreate
          ? "Post a ticket and watch it travel: received, classified, answered, and, where money is involved, approved by a person before it is executed."
          : "As soon as a ticket comes in, each of its steps appears here. Agents and administrators can post one."}
      </p>
      {mayCreate && (
        <Button
          onClick={() => {
            const panel = document.querySelector<HTMLDetailsElement>("#new-ticket");
            panel?.setAttribute("open", "");
            panel?.querySelector("input")?.focus();
          }}
        >
          Write a ticket
        </Button>
      )}
    </>
  );
}

const SENTENCES: Readonly<Record<Phase, string>> = {
  connecting: "Connecting to the stream",
  live: "Events arrive as they happen",
  polling: `No stream. States are read every ${POLL_MS / 1_000} s`,
  offline: "OpsRelay cannot be reached. What was received last is shown",
};

function StreamStatus({
  connection,
  current,
  onRetry,
}: {
  connection: Connection;
  current: Phase;
  onRetry: () => void;
}) {
  const canRetry = connection.link === "waiting" || connection.link === "refused";
  return (
    <div className="flex min-w-0 items-center gap-2">
      <p role="status" className={`min-w-0 ${current === "live" && connection.problem === null ? "" : "text-warn"}`}>
        {SENTENCES[current]}
        {connection.problem !== null && ` · ${connection.problem}`}
      </p>
      {canRetry && (
        <Button size="small" onClick={onRetry}>
          Connect now
        </Button>
      )}
    </div>
  );
}

function Jump({ to, children }: { to: string; children: string }) {
  return (
    <a href={`#${to}`} className="py-1 text-sm font-medium text-accent underline-offset-2 hover:underline">
      {children}
    </a>
  );
}
