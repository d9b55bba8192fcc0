import { Link } from "@tanstack/react-router";
import { memo, useState } from "react";
import { cx } from "../../lib/cx";
import { instant, words } from "../../lib/format";
import { text, type JsonObject } from "../../lib/json";
import { useArrivals } from "../../lib/useArrivals";
import { useList } from "../../lib/useView";
import { StatusBadge } from "../../ui/Badge";
import { Panel } from "../../ui/Panel";
import { EmptyState, ErrorState, SkeletonRows } from "../../ui/States";
import { Age, Time } from "../../ui/Time";

interface Ticket {
  readonly id: string;
  readonly subject: string;
  readonly status: string;
  readonly channel: string;
  readonly category: string | null;
  readonly createdAt: number | null;
}

const SHOWN = 13;

/** The newest tickets. While somebody points at the list it keeps its rows, and says how many wait. */
export const RecentTickets = memo(function RecentTickets() {
  const list = useList(["tickets", "recent"], `/api/v1/tickets?limit=${SHOWN}`, ticketOf, { live: ["tickets"] });
  const [held, setHeld] = useState<readonly Ticket[] | null>(null);
  const newest = list.data;
  const rows = held === null ? newest : stay(held, newest);
  const arrived = useArrivals(rows?.map(({ id }) => id));
  const waiting = held === null ? 0 : (newest ?? []).filter(({ id }) => !held.some((ticket) => ticket.id === id)).length;
  const hold = () => setHeld((before) => before ?? newest ?? null);
  return (
    <Panel
      title="Recent tickets"
      actions={
        <>
          <Age at={list.at} />
          <span role="status" className="text-xs text-accent tabular-nums">
            {waiting > 0 && `${waiting} new`}
          </span>
          <Link to="/tickets" className="ml-auto text-xs text-accent underline-offset-2 hover:underline">
            All tickets
          </Link>
        </>
      }
    >
      {rows === undefined ? (
        list.error === null ? (
          <SkeletonRows rows={SHOWN} />
        ) : (
          <ErrorState error={list.error} onRetry={list.refresh} />
        )
      ) : rows.length === 0 ? (
        <EmptyState title="No tickets yet">They appear here as soon as they come in.</EmptyState>
      ) : (
        <ol
          role="list"
          aria-label="Recent tickets, newest first"
          onPointerEnter={(event) => event.pointerType === "mouse" && hold()}
          onPointerLeave={() => setHeld(null)}
          onFocus={hold}
          onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setHeld(null)}
          className="divide-y divide-line"
        >
          {rows.map((ticket) => (
            <TicketRow key={ticket.id} {...ticket} arrives={arrived.has(ticket.id)} />
          ))}
        </ol>
      )}
    </Panel>
  );
});

/** Made anew where something of it has changed, however often the list is read. */
const TicketRow = memo(function TicketRow({ id, subject, status, channel, category, createdAt, arrives }: Ticket & { arrives: boolean }) {
  return (
    <li
      className={cx(
        "relative grid min-h-9 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 px-3 py-1.5 hover:bg-raised sm:grid-cols-[minmax(0,1fr)_9.5rem_5.5rem]",
        arrives && "animate-arrive",
      )}
    >
      <div className="flex min-w-0 items-baseline gap-2 max-sm:col-span-2">
        <Link to="/tickets/$id" params={{ id }} className="truncate font-medium -outline-offset-2 after:absolute after:inset-0">
          {subject}
        </Link>
        <span className="hidden truncate text-xs text-muted md:inline">
          {words(channel)}
          {category !== null && ` · ${words(category)}`}
        </span>
      </div>
      <span className="flex sm:justify-start">
        <StatusBadge status={status} />
      </span>
      <Time at={createdAt} className="text-right text-xs text-muted" />
    </li>
  );
});

/** The rows as they stood, with what is known of them now. */
function stay(held: readonly Ticket[], newest: readonly Ticket[] | undefined): readonly Ticket[] {
  return held.map((before) => newest?.find(({ id }) => id === before.id) ?? before);
}

function ticketOf(item: JsonObject): Ticket | null {
  const id = text(item["ticket_id"]);
  return id === null
    ? null
    : {
        id,
        subject: text(item["subject"]) ?? "(no subject)",
        status: text(item["status"]) ?? "unknown",
        channel: text(item["channel"]) ?? "",
        category: text(item["category"]),
        createdAt: instant(text(item["created_at"])),
      };
}
