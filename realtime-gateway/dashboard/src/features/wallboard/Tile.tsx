import { cx } from "../../lib/cx";
import { Skeleton } from "../../ui/States";
import { useChanged } from "../../ui/Stat";

/** One number, to be read from across the room. */
export function Tile({
  label,
  value,
  note,
  tone = "text-ink",
  signs = 3,
  className,
}: {
  label: string;
  /** Undefined while it is loading, null where there is none. */
  value: string | null | undefined;
  note?: React.ReactNode;
  tone?: string;
  /** How many signs the longest figure beside it has: those in a row are of one size. */
  signs?: number;
  className?: string;
}) {
  const flashes = useChanged(value);
  return (
    <div className={cx("@container flex min-h-28 min-w-0 flex-col justify-center rounded-lg border border-line bg-surface p-3 lg:p-5", className)}>
      <p className={`truncate ${SMALL} text-muted`}>{label}</p>
      {value === undefined ? (
        <Skeleton className="my-2 h-12 w-1/2" />
      ) : (
        <p
          // As large as the tile lets a figure of so many signs be.
          style={{ "--signs": Math.max(signs, (value ?? "").length) } as React.CSSProperties}
          className={cx(
            "-mx-2 self-start rounded px-2 text-[clamp(1.5rem,min(max(5.5vw,2rem),calc(140cqi/var(--signs))),7rem)] leading-tight font-semibold whitespace-nowrap tabular-nums",
            value === null ? "text-muted" : tone,
            flashes && "animate-arrive",
          )}
        >
          {value ?? "–"}
        </p>
      )}
      {/* Also without a note, so that numbers beside each other stand on one line. */}
      <p className={`truncate ${SMALL} text-muted tabular-nums`}>{note ?? "\u00a0"}</p>
    </div>
  );
}

export const SMALL = "text-[clamp(0.8125rem,1.15vw,1.25rem)] leading-snug";
export const MIDDLE = "text-[clamp(1rem,1.6vw,1.75rem)] leading-snug";
