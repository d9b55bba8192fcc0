import { useMemo } from "react";
import { cx } from "../lib/cx";
import { diffLines } from "./diff";

const MARKS = { same: " ", added: "+", removed: "−" } as const;
const LOOKS = { same: "", added: "bg-good-soft text-good", removed: "bg-bad-soft text-bad" } as const;

/** What would change, line by line; marked by sign as well as by colour. */
export function DiffView({ before, after, label = "Changes" }: { before: string; after: string; label?: string }) {
  const lines = useMemo(() => diffLines(before, after), [before, after]);
  if (before === after) {
    return <p className="text-muted">Nothing would change.</p>;
  }
  return (
    <pre
      tabIndex={0}
      aria-label={label}
      className="max-h-96 overflow-auto rounded-md border border-line bg-canvas py-1.5 font-mono text-xs leading-5"
    >
      {lines.map((line, index) => (
        <span key={index} className={cx("block px-2.5 whitespace-pre-wrap wrap-anywhere", LOOKS[line.kind])}>
          <span aria-hidden="true" className="mr-2 select-none">
            {MARKS[line.kind]}
          </span>
          {line.kind !== "same" && <span className="sr-only">{line.kind}: </span>}
          {line.text}
        </span>
      ))}
    </pre>
  );
}
