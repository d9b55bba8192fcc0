import { ArrowDownRight, ArrowRight, ArrowUpRight } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { cx } from "../lib/cx";
import { Age } from "./Time";
import { Skeleton } from "./States";

const FLASH_MS = 1_600;
/** What changes more often than this does not flash: it always would, which tells nothing and has the page painted without end. */
const CALM_MS = 4_000;

/** One number that is watched: large, with its change, its age, and a flash when it changes. */
export function Stat({
  label,
  value,
  unit,
  delta,
  at,
  hint,
  note,
  className,
}: {
  label: string;
  /** As it is to be read; undefined while it is loading, null where there is none. */
  value: string | null | undefined;
  unit?: string;
  /** The change against before, and whether that is good. */
  delta?: { readonly text: string; readonly direction: "up" | "down" | "flat"; readonly good: boolean | null } | undefined;
  /** When it was measured or read, in milliseconds since 1970. */
  at?: number | undefined;
  hint?: string;
  /** Below the number: out of what it was made, or why there is none. */
  note?: React.ReactNode;
  className?: string;
}) {
  const flashes = useChanged(value);
  const Arrow = delta === undefined ? null : delta.direction === "up" ? ArrowUpRight : delta.direction === "down" ? ArrowDownRight : ArrowRight;
  return (
    <div className={cx("flex min-w-0 flex-col gap-1 rounded-lg border border-line bg-surface p-3", className)}>
      <div className="flex items-center justify-between gap-2">
        <span className="truncate text-xs font-medium text-muted" title={hint}>
          {label}
        </span>
        {at !== undefined && <Age at={at} />}
      </div>
      {value === undefined ? (
        <Skeleton className="h-7.5 w-20" />
      ) : (
        <p className={cx("-mx-1 rounded px-1 text-2xl font-semibold tabular-nums", flashes && "animate-arrive")}>
          {value ?? "–"}
          {unit !== undefined && value !== null && <span className="ml-1 text-sm font-normal text-muted">{unit}</span>}
        </p>
      )}
      {delta !== undefined && Arrow !== null && (
        <p
          className={cx(
            "flex items-center gap-1 text-xs tabular-nums",
            delta.good === null ? "text-muted" : delta.good ? "text-good" : "text-bad",
          )}
        >
          <Arrow aria-hidden="true" className="size-3.5" />
          {delta.text}
        </p>
      )}
      {note !== undefined && <p className="text-xs text-muted tabular-nums">{note}</p>}
    </div>
  );
}

/** True for a moment after a change: not after the first value, nor while it changes again and again. */
export function useChanged(value: unknown): boolean {
  const [changed, setChanged] = useState(false);
  const before = useRef(value);
  const changedAt = useRef(-CALM_MS);
  useEffect(() => {
    if (before.current === value || before.current === undefined) {
      before.current = value;
      return undefined;
    }
    before.current = value;
    const now = performance.now();
    const isCalm = now - changedAt.current >= CALM_MS;
    changedAt.current = now;
    setChanged(isCalm);
    if (!isCalm) {
      return undefined;
    }
    const timer = setTimeout(() => setChanged(false), FLASH_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return changed;
}
