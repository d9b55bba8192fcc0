import { useState } from "react";
import { ChevronRight } from "lucide-react";
import { cx } from "../lib/cx";
import { isObject } from "../lib/json";

const DEEPEST = 40;
const SHOWN = 100;

/** Data as it came, folded where it is deep. Shown as text only, whatever it holds. */
export function Json({ value, openDepth = 2, className }: { value: unknown; openDepth?: number; className?: string }) {
  return (
    <div className={cx("overflow-x-auto rounded-md border border-line bg-canvas px-2.5 py-1.5 font-mono text-xs leading-5", className)}>
      <Node value={value} depth={0} openDepth={openDepth} />
    </div>
  );
}

function Node({ name, value, depth, openDepth }: { name?: string; value: unknown; depth: number; openDepth: number }) {
  const isList = Array.isArray(value);
  if (!isList && !isObject(value)) {
    return (
      <p className="wrap-anywhere whitespace-pre-wrap">
        {name !== undefined && <span className="text-muted">{name}: </span>}
        {typeof value === "string" ? value : String(value)}
      </p>
    );
  }
  return <Branch {...(name === undefined ? {} : { name })} value={value} depth={depth} openDepth={openDepth} />;
}

function Branch({ name, value, depth, openDepth }: { name?: string; value: object; depth: number; openDepth: number }) {
  const [open, setOpen] = useState(depth < openDepth);
  const entries = Object.entries(value);
  const what = Array.isArray(value) ? `${entries.length} items` : `${entries.length} members`;
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="-ml-1 flex items-center gap-1 rounded px-1 text-left hover:bg-raised"
      >
        <ChevronRight aria-hidden="true" className={cx("size-3 text-muted transition-transform", open && "rotate-90")} />
        {name !== undefined && <span className="text-muted">{name}</span>}
        {(!open || name === undefined) && <span className="text-muted">{what}</span>}
      </button>
      {open && (
        <div className="ml-1 border-l border-line pl-3">
          {depth >= DEEPEST ? (
            <p className="text-muted">This is nested too deeply to be shown.</p>
          ) : (
            entries
              .slice(0, SHOWN)
              .map(([key, member]) => (
                <Node key={key} name={key} value={member} depth={depth + 1} openDepth={openDepth} />
              ))
          )}
          {entries.length > SHOWN && <p className="text-muted">and {entries.length - SHOWN} more</p>}
        </div>
      )}
    </div>
  );
}
