import { useId, useState } from "react";
import { ChevronRight } from "lucide-react";
import { cx } from "../../lib/cx";
import { dateTime, timeOfDay, words } from "../../lib/format";
import { Button } from "../../ui/Button";
import { Json } from "../../ui/Json";
import { EmptyState } from "../../ui/States";
import { iconOf, KIND_NAMES, kindOf } from "./kinds";
import type { EntryKind } from "./search";
import { nameOf, type Entry, type Message, type Ticket } from "./ticket";

const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** Everything that happened, cause before effect. */
export function Timeline({
  ticket,
  kind,
  onKind,
}: {
  ticket: Ticket;
  kind: EntryKind | undefined;
  onKind: (kind: EntryKind | undefined) => void;
}) {
  const entries = ticket.timeline;
  const [newest] = useState(() => Math.max(0, ...entries.map(({ seq }) => seq)));
  const counts = new Map<EntryKind, number>();
  for (const entry of entries) {
    const of = kindOf(entry);
    counts.set(of, (counts.get(of) ?? 0) + 1);
  }
  const shown = kind === undefined ? entries : entries.filter((entry) => kindOf(entry) === kind);
  const kinds = (Object.keys(KIND_NAMES) as EntryKind[]).filter((each) => counts.has(each) || each === kind);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div role="group" aria-label="Show" className="flex flex-wrap gap-1.5 border-b border-line p-3">
        <Filter pressed={kind === undefined} count={entries.length} onPress={() => onKind(undefined)}>
          All
        </Filter>
        {kinds.map((each) => (
          <Filter key={each} pressed={kind === each} count={counts.get(each) ?? 0} onPress={() => onKind(each)}>
            {KIND_NAMES[each]}
          </Filter>
        ))}
      </div>
      <div role="region" aria-label="Timeline" tabIndex={0} className="min-h-0 flex-1 overflow-y-auto overscroll-contain -outline-offset-2">
        {shown.length === 0 ? (
          <EmptyState title={kind === undefined ? "Nothing has happened yet" : `Nothing of ${KIND_NAMES[kind].toLowerCase()}`}>
            {kind !== undefined && <Button onClick={() => onKind(undefined)}>Show all of it</Button>}
          </EmptyState>
        ) : (
          <ol role="list" aria-label="What happened" className="flex flex-col px-3 py-2">
            {shown.map((entry, index) => (
              <Line
                key={entry.seq}
                entry={entry}
                day={dayOf(entry, shown[index - 1])}
                message={ticket.messages.find(({ id }) => id === entry.messageId)}
                isLast={index === shown.length - 1}
                arrives={entry.seq > newest}
              />
            ))}
          </ol>
        )}
      </div>
    </div>
  );
}

function Filter({ pressed, count, onPress, children }: { pressed: boolean; count: number; onPress: () => void; children: React.ReactNode }) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className={cx(
        "inline-flex h-7 items-center gap-1.5 rounded-full border px-2.5 text-xs font-medium pointer-coarse:h-9",
        pressed ? "border-accent bg-accent-soft text-accent" : "border-line text-muted hover:bg-raised hover:text-ink",
      )}
    >
      {children}
      <span className="tabular-nums">{count}</span>
    </button>
  );
}

function Line({
  entry,
  day,
  message,
  isLast,
  arrives,
}: {
  entry: Entry;
  day: string | null;
  message: Message | undefined;
  isLast: boolean;
  arrives: boolean;
}) {
  const [open, setOpen] = useState(false);
  const details = useId();
  const Icon = iconOf(entry);
  const hasMore = Object.keys(entry.data).length > 0 || message !== undefined;
  const tone = toneOf(entry.event);
  return (
    <li className="row-skip">
      {day !== null && <h3 className="pt-2 pb-1 text-xs font-medium text-muted">{day}</h3>}
      <div className={cx("relative flex gap-3 rounded pb-3", arrives && "animate-arrive")}>
        {!isLast && <span aria-hidden="true" className="absolute top-6 bottom-0 left-3 w-px bg-line" />}
        <span className={cx("flex size-6 shrink-0 items-center justify-center rounded-full", tone)}>
          <Icon aria-hidden="true" className="size-3.5" />
        </span>
        <div className="min-w-0 flex-1 pt-0.5">
          <div className="flex items-start gap-2">
            <p className="min-w-0 flex-1 wrap-anywhere">{entry.summary === "" ? words(entry.event) : entry.summary}</p>
            {entry.at !== null && (
              <time
                dateTime={new Date(entry.at).toISOString()}
                title={dateTime(entry.at)}
                className="shrink-0 text-xs leading-5 text-muted tabular-nums"
              >
                {timeOfDay(entry.at)}
              </time>
            )}
          </div>
          <p className="flex flex-wrap items-center gap-x-2 text-xs text-muted">
            <span>{words(entry.event)}</span>
            {entry.actor !== "" && <span className="wrap-anywhere">{nameOf(entry.actor)}</span>}
            {hasMore && (
              <button
                type="button"
                aria-expanded={open}
                aria-controls={details}
                aria-label={`Details of ${words(entry.event)}, number ${entry.seq}`}
                onClick={() => setOpen(!open)}
                className="inline-flex items-center gap-0.5 rounded hover:text-ink pointer-coarse:min-h-9"
              >
                <ChevronRight aria-hidden="true" className={cx("size-3 transition-transform", open && "rotate-90")} />
                Details
              </button>
            )}
          </p>
          <div id={details} hidden={!open} className="mt-1 flex flex-col gap-2">
            {open && message !== undefined && (
              <p className="max-h-64 overflow-y-auto rounded-md border border-line px-2.5 py-1.5 wrap-anywhere whitespace-pre-wrap">
                {message.text}
              </p>
            )}
            {open && Object.keys(entry.data).length > 0 && <Json value={entry.data} openDepth={1} className="max-h-96 overflow-y-auto" />}
          </div>
        </div>
      </div>
    </li>
  );
}

/** The day where it is another than that of the line before. */
function dayOf(entry: Entry, before: Entry | undefined): string | null {
  if (entry.at === null) {
    return null;
  }
  const day = DAY.format(entry.at);
  const last = before?.at ?? null;
  return last !== null && DAY.format(last) === day ? null : day;
}

function toneOf(event: string): string {
  if (/_(failed|rejected)$/.test(event)) {
    return "bg-bad-soft text-bad";
  }
  if (/_(escalated|expired|outcome_unknown|delayed|unconfirmed|complained)$/.test(event) || event === "approval_requested") {
    return "bg-warn-soft text-warn";
  }
  return /_(succeeded|granted|resolved|delivered)$/.test(event) ? "bg-good-soft text-good" : "bg-raised text-muted";
}
