import { useEffect, useRef, useState } from "react";
import { dateTime, words } from "../../lib/format";
import { isWide } from "../../lib/isWide";
import { pretty } from "../../lib/json";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { copyText, CopyId } from "../../ui/CopyId";
import type { Row } from "./feed";

/** One event in full. On a wide screen it stands beside the list, on a narrow one it covers it. */
export function FeedDetails({
  row,
  onClose,
  children,
}: {
  row: Row;
  onClose: () => void;
  /** What else there is to know, between the facts and the frame. */
  children?: React.ReactNode;
}) {
  const closeButton = useRef<HTMLButtonElement>(null);
  const [copied, setCopied] = useState<string | null>(null);
  const json = pretty(row.raw);

  useEffect(() => {
    // Where the panel covers the list the focus must not stay beneath it.
    if (!isWide()) {
      closeButton.current?.focus();
    }
  }, []);

  return (
    <aside
      aria-label="Event details"
      onKeyDown={(event) => event.key === "Escape" && onClose()}
      className="fixed inset-0 z-20 flex flex-col bg-surface lg:inset-y-0 lg:right-0 lg:left-auto lg:top-12 lg:w-[26rem] lg:border-l lg:border-line lg:shadow-xl"
    >
      <header className="flex items-center gap-2 border-b border-line px-4 py-2">
        <h2 className="min-w-0 flex-1 truncate text-sm font-semibold">{words(row.type)}</h2>
        <Button ref={closeButton} look="quiet" size="small" onClick={onClose}>
          Close
        </Button>
      </header>
      <div className="flex-1 overflow-y-auto overscroll-contain p-4">
        <dl className="grid grid-cols-[6rem_minmax(0,1fr)] items-start gap-x-3 gap-y-1.5">
          <Entry name="time">
            <span className="tabular-nums">{dateTime(row.at)}</span>
          </Entry>
          <Entry name="channel">{words(row.channel)}</Entry>
          {row.entity !== null && (
            <Entry name={row.entity.kind}>
              <CopyId id={row.entity.id} name={`${row.entity.kind} id`} full />
            </Entry>
          )}
          {row.facts.map((fact) => (
            <Entry key={fact.label} name={fact.label}>
              {fact.tone === undefined ? fact.value : <Badge tone={fact.tone}>{fact.value}</Badge>}
            </Entry>
          ))}
        </dl>
        <div className="mt-5 empty:hidden">{children}</div>
        <div className="mt-5 mb-1.5 flex items-center justify-between">
          <h3 className="text-xs font-medium text-muted">{row.kind === "event" ? "Frame as received" : "As read"}</h3>
          <Button
            look="quiet"
            size="small"
            onClick={() => void copyText(json).then((done) => done && setCopied(row.id))}
          >
            {copied === row.id ? "Copied" : "Copy JSON"}
          </Button>
        </div>
        <pre
          tabIndex={0}
          aria-label="Raw JSON"
          className="rounded-md border border-line bg-canvas p-3 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap"
        >
          {json}
        </pre>
      </div>
    </aside>
  );
}

function Entry({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-xs leading-5 text-muted">{words(name)}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}
