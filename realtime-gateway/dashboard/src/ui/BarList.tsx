import { useState } from "react";
import { Button } from "./Button";

export interface Bar {
  readonly name: string;
  readonly label: string;
  readonly value: number;
}

const SHOWN = 8;

/** Numbers beside each other, told by length and by figure; each one's share is of `total`. */
export function BarList({
  label,
  bars,
  total,
  link,
}: {
  /** What is shown; read out. */
  label: string;
  bars: readonly Bar[];
  total: number;
  /** Makes a link of a bar's label; null for a bar that leads nowhere. Its class must be `className`. */
  link?: (bar: Bar, className: string) => React.ReactNode | null;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const longest = Math.max(1, ...bars.map(({ value }) => value));
  const shown = isOpen ? bars : bars.slice(0, SHOWN);
  return (
    <div className="flex flex-col items-start p-1.5">
      <ul role="list" aria-label={label} className="w-full">
        {shown.map((bar) => (
          <li key={bar.name} className="relative isolate flex min-h-7 items-center gap-3 rounded px-1.5 text-sm hover:bg-raised pointer-coarse:min-h-10">
            <span
              aria-hidden="true"
              className="absolute inset-y-0.5 left-0 -z-10 rounded bg-accent-soft transition-[width]"
              style={{ width: `${(bar.value / longest) * 100}%` }}
            />
            {link?.(bar, "min-w-0 flex-1 truncate underline-offset-2 after:absolute after:inset-0 hover:underline") ?? (
              <span className="min-w-0 flex-1 truncate" title={bar.label}>
                {bar.label}
              </span>
            )}
            <span className="font-medium tabular-nums">{bar.value.toLocaleString()}</span>
            <span className="w-13 text-right text-xs text-muted tabular-nums">{shareOf(bar.value, total)}</span>
          </li>
        ))}
      </ul>
      {bars.length > SHOWN && (
        <Button look="quiet" size="small" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOpen ? "Show fewer" : `Show all ${bars.length}`}
        </Button>
      )}
    </div>
  );
}

function shareOf(value: number, total: number): string {
  if (total <= 0) {
    return "";
  }
  const share = (value / total) * 100;
  if (share > 0 && share < 0.1) {
    return "< 0.1 %";
  }
  return `${share.toFixed(share > 0 && share < 10 ? 1 : 0)} %`;
}
