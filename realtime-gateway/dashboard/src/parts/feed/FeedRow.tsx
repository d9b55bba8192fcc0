import { memo, useState } from "react";
import { dateTime, timeOfDay, words } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { CopyId } from "../../ui/CopyId";
import type { Fact } from "./describe";
import type { Row } from "./feed";

/** Only what has just arrived flashes: not what a filter or the end of a pause brings back into view. */
const JUST_ARRIVED_MS = 1_500;

export const COLUMNS =
  "lg:grid-cols-[6.5rem_5.5rem_minmax(9rem,13rem)_6.5rem_minmax(0,1fr)] lg:gap-x-3 lg:items-center";

interface FeedRowProps {
  row: Row;
  selected: boolean;
  /** Whether the Tab key stops here. One row of the list does. */
  stop: boolean;
  onSelect: (id: string) => void;
}

export const FeedRow = memo(function FeedRow({ row, selected, stop, onSelect }: FeedRowProps) {
  const [arriving] = useState(() => row.flashes && Date.now() - row.receivedAt < JUST_ARRIVED_MS);
  return (
    <li
      className={`row-skip relative border-b border-line last:border-b-0 ${
        selected ? "bg-accent-soft" : row.kind === "gap" ? "bg-warn-soft" : "hover:bg-raised"
      } ${arriving ? "animate-arrive motion-reduce:animate-none" : ""}`}
    >
      <div
        className={`grid min-h-8 grid-cols-[1fr_auto] items-center gap-x-2 gap-y-0.5 px-3 py-1.5 lg:py-0.5 ${COLUMNS}`}
      >
        <time
          dateTime={new Date(row.at).toISOString()}
          title={dateTime(row.at)}
          className="order-2 font-mono text-xs text-muted tabular-nums lg:order-none"
        >
          {timeOfDay(row.at)}
        </time>
        <span className="order-3 flex items-center gap-1.5 text-xs text-muted lg:order-none">
          <ChannelMark channel={row.channel} />
          {words(row.channel)}
        </span>
        {/* The button covers the whole row; what must stay clickable lies above it. */}
        <button
          type="button"
          data-row={row.id}
          tabIndex={stop ? 0 : -1}
          aria-pressed={selected}
          aria-label={spoken(row)}
          onClick={() => onSelect(row.id)}
          className="order-1 truncate text-left font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent lg:order-none"
        >
          {words(row.type)}
          {row.kind === "state" && <span className="ml-1.5 font-normal text-muted">from the API</span>}
        </button>
        <span className="relative order-4 justify-self-end lg:order-none lg:justify-self-start">
          {row.entity !== null && <CopyId id={row.entity.id} name={`${row.entity.kind} id`} tabIndex={-1} />}
        </span>
        <span className="order-5 col-span-2 flex min-w-0 flex-wrap items-center gap-x-3 gap-y-0.5 lg:order-none lg:col-span-1 lg:flex-nowrap lg:overflow-hidden">
          {row.facts.map((fact) => (
            <FactText key={fact.label} fact={fact} />
          ))}
        </span>
      </div>
    </li>
  );
});

/** Sentences: they give way, so that figures and names stay whole. */
const PROSE: ReadonlySet<string> = new Set(["detail", "summary", "subject", "effect", "reason", "rule"]);
/** What speaks for itself without its label. */
const BARE: ReadonlySet<string> = new Set(["amount", "action type", "detail", "summary", "subject", "effect", "reason"]);

function FactText({ fact }: { fact: Fact }) {
  if (fact.tone !== undefined) {
    return <Badge tone={fact.tone}>{fact.value}</Badge>;
  }
  const prose = PROSE.has(fact.label);
  return (
    <span
      title={`${fact.label}: ${fact.value}`}
      className={`max-w-full truncate text-xs ${prose ? "min-w-0" : "shrink-0 lg:max-w-64"}`}
    >
      {!BARE.has(fact.label) && <span className="text-muted">{fact.label} </span>}
      <span className={fact.label === "amount" ? "font-medium tabular-nums" : ""}>{fact.value}</span>
    </span>
  );
}

/** A shape for each channel, so that they are told apart without colour and without reading. */
export function ChannelMark({ channel }: { channel: string }) {
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true" className="size-2 shrink-0 fill-current">
      {channel === "tickets" ? (
        <circle cx="5" cy="5" r="4" />
      ) : channel === "approvals" ? (
        <path d="M5 0 10 5 5 10 0 5Z" />
      ) : (
        <rect x="1" y="1" width="8" height="8" />
      )}
    </svg>
  );
}

function spoken(row: Row): string {
  const title = `${words(row.type)}${row.kind === "state" ? " from the API" : ""}`;
  const parts = [title, ...row.facts.slice(0, 4).map(({ label, value }) => `${label} ${value}`)];
  return `${parts.join(", ")}. ${timeOfDay(row.at)}`;
}
