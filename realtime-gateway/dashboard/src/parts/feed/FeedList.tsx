import { useCallback, useMemo, useState, useSyncExternalStore } from "react";
import { flushSync } from "react-dom";
import { useSearchParam } from "../../lib/useSearchParam";
import { words } from "../../lib/format";
import { Button } from "../../ui/Button";
import { Panel } from "../../ui/Panel";
import { KEPT_ROWS, type Row } from "./feed";
import { FeedDetails } from "./FeedDetails";
import { ChannelMark, COLUMNS, FeedRow } from "./FeedRow";
import type { FeedStore } from "./store";

/**
 * Rows that exist in the page at first: about twice what is seen of the list. Others come as one scrolls to them. While
 * events pour in all of them are new each time, and making them is what the list costs.
 */
const FIRST_ROWS = 24;
const FURTHER_ROWS = 100;
/** How near the end one scrolls before more come, in pixels. */
const END_PX = 600;

interface FeedListProps {
  store: FeedStore;
  channels: readonly string[];
  /** Whether anything is being received: an empty list means something else if nothing is. */
  connecting: boolean;
  /** What to do about an empty list. */
  emptyHint: React.ReactNode;
  /** What there is to know about a ticket; stands in the details of its events. */
  ticket?: (ticketId: string) => React.ReactNode;
  /** What stands below the list: how it is being filled. */
  status: React.ReactNode;
}

export function FeedList({ store, channels, connecting, emptyHint, ticket, status }: FeedListProps) {
  const state = useSyncExternalStore(store.subscribe, store.state);
  const [wanted, setChannel] = useSearchParam("channel");
  const channel = wanted !== null && channels.includes(wanted) ? wanted : null;
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const [focusedId, setFocusedId] = useState<string | null>(null);

  const paused = state.held !== null;
  const all = state.held ?? state.rows;
  const rows = useMemo(() => (channel === null ? all : all.filter((row) => row.channel === channel)), [all, channel]);
  const [reach, setReach] = useState(FIRST_ROWS);
  // A row that has left the list can still be read.
  const [opened, setOpened] = useState<Row | null>(null);

  const select = useCallback(
    (id: string) => {
      const { held, rows: newest } = store.state();
      setFocusedId(id);
      setSelectedId((current) => (current === id ? null : id));
      setOpened((held ?? newest).find((row) => row.id === id) ?? null);
    },
    [store],
  );
  const close = useCallback(() => {
    setSelectedId(null);
    focusRow(selectedId);
  }, [selectedId]);

  const inPage = rows.slice(0, reach);
  const stopId = inPage.some((row) => row.id === focusedId) ? focusedId : (rows[0]?.id ?? null);
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>) => {
    if (event.key === "Escape" && selectedId !== null) {
      close();
      return;
    }
    const from = event.target instanceof HTMLElement ? event.target.dataset["row"] : undefined;
    const target = from === undefined ? null : rowAt(event.key, rows, from);
    if (target !== null && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      const index = rows.indexOf(target);
      if (index >= reach) {
        flushSync(() => setReach(index + FURTHER_ROWS)); // what is not there cannot take the focus
      }
      setFocusedId(target.id);
      focusRow(target.id);
      if (selectedId !== null) {
        setSelectedId(target.id);
        setOpened(target);
      }
    }
  };

  return (
    <>
      <Panel
        id="events"
        title="Events"
        className="min-h-0 min-w-0 lg:h-full"
        actions={
          <>
            <ChannelFilter channels={channels} value={channel} onChange={setChannel} />
            <Button
              look={paused ? "primary" : "plain"}
              size="small"
              className="ml-auto min-w-20 tabular-nums"
              onClick={() => store.dispatch({ type: paused ? "resume" : "pause" })}
            >
              {paused ? `Resume · ${Math.min(state.unseen, 9_999)} new` : "Pause"}
            </Button>
          </>
        }
      >
        <div
          aria-hidden="true"
          className={`hidden border-b border-line bg-raised/60 px-3 py-1 text-xs font-medium text-muted lg:grid ${COLUMNS}`}
        >
          <span>Time</span>
          <span>Channel</span>
          <span>Event</span>
          <span>Id</span>
          <span>Facts</span>
        </div>
        {rows.length === 0 ? (
          <div className="flex min-h-64 flex-1 flex-col items-center justify-center gap-3 px-6 py-10 text-center">
            {connecting ? (
              <p className="text-muted">Connecting…</p>
            ) : channel !== null && all.length > 0 ? (
              <>
                <p className="text-muted">Nothing on the channel {words(channel)} yet.</p>
                <Button onClick={() => setChannel(null)}>Show all channels</Button>
              </>
            ) : (
              emptyHint
            )}
          </div>
        ) : (
          <ol
            role="list"
            aria-label="Events, newest first"
            onKeyDown={onKeyDown}
            onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
              if (scrollTop <= 0) {
                setReach(FIRST_ROWS);
              } else if (scrollHeight - scrollTop - clientHeight < END_PX) {
                setReach((before) => Math.min(before, rows.length) + FURTHER_ROWS);
              }
            }}
            // What changes in here moves nothing outside, so that nothing else is laid out again.
            className="min-h-0 flex-1 [contain:content] lg:overflow-y-auto lg:overscroll-contain lg:[contain:strict]"
          >
            {inPage.map((row) => (
              <FeedRow
                key={row.id}
                row={row}
                selected={row.id === selectedId}
                stop={row.id === stopId}
                onSelect={select}
              />
            ))}
          </ol>
        )}
        <footer className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-3 py-1 text-xs text-muted">
          {status}
          <span className="ml-auto tabular-nums">
            {rows.length} shown · the newest {KEPT_ROWS} are kept
          </span>
        </footer>
      </Panel>
      {selectedId !== null && opened !== null && (
        <FeedDetails row={opened} onClose={close}>
          {opened.ticketId !== null && ticket?.(opened.ticketId)}
        </FeedDetails>
      )}
    </>
  );
}

function ChannelFilter({
  channels,
  value,
  onChange,
}: {
  channels: readonly string[];
  value: string | null;
  onChange: (channel: string | null) => void;
}) {
  return (
    <div role="group" aria-label="Channel" className="flex rounded-md border border-line p-0.5">
      {[null, ...channels].map((channel) => (
        <button
          key={channel ?? ""}
          type="button"
          aria-pressed={value === channel}
          onClick={() => onChange(channel)}
          className="flex h-6 items-center gap-1.5 rounded px-2 text-xs font-medium text-muted hover:text-ink aria-pressed:bg-raised aria-pressed:text-ink pointer-coarse:h-8"
        >
          {channel !== null && <ChannelMark channel={channel} />}
          {channel === null ? "All" : words(channel)}
        </button>
      ))}
    </div>
  );
}

function rowAt(key: string, rows: readonly Row[], from: string): Row | null {
  const index = rows.findIndex((row) => row.id === from);
  switch (key) {
    case "ArrowDown":
    case "j":
      return rows[Math.min(index + 1, rows.length - 1)] ?? null;
    case "ArrowUp":
    case "k":
      return rows[Math.max(index - 1, 0)] ?? null;
    case "Home":
      return rows[0] ?? null;
    case "End":
      return rows.at(-1) ?? null;
    default:
      return null;
  }
}

function focusRow(id: string | null): void {
  const rows = document.querySelectorAll<HTMLElement>("[data-row]");
  [...rows].find((row) => row.dataset["row"] === id)?.focus();
}
