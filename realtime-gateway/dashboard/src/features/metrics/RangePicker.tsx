import { useState } from "react";
import { instant } from "../../lib/format";
import type { Stats } from "../../parts/numbers/stats";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { PRESETS, problemOf, type Range } from "./range";

const DAY_MS = 86_400_000;
const CHOICE =
  "h-7 rounded px-2.5 text-sm font-medium text-muted hover:text-ink aria-pressed:bg-raised aria-pressed:text-ink pointer-coarse:h-9";

/** Chooses the span of time, and says which one is shown. */
export function RangePicker({
  range,
  wantsCustom,
  shown,
  onChoose,
}: {
  range: Range;
  /** The address asks for a custom one, which may not be a good one. */
  wantsCustom: boolean;
  shown: Stats | undefined;
  onChoose: (range: Range) => void;
}) {
  const [isEditing, setIsEditing] = useState(wantsCustom);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div role="group" aria-label="Range" className="flex rounded-md border border-line bg-surface p-0.5">
          {PRESETS.map(({ kind, name, spoken }) => (
            <button
              key={kind}
              type="button"
              title={spoken}
              aria-pressed={range.kind === kind}
              onClick={() => {
                setIsEditing(false);
                onChoose({ kind });
              }}
              className={CHOICE}
            >
              {name}
            </button>
          ))}
          <button
            type="button"
            aria-pressed={range.kind === "custom"}
            aria-expanded={isEditing}
            onClick={() => setIsEditing(!isEditing)}
            className={CHOICE}
          >
            Custom
          </button>
        </div>
        <p role="status" className="min-h-5 text-xs text-muted tabular-nums">
          {shown !== undefined && described(shown)}
        </p>
      </div>
      {isEditing && <Custom key={JSON.stringify(range)} range={range} onChoose={onChoose} />}
    </div>
  );
}

function Custom({ range, onChoose }: { range: Range; onChoose: (range: Range) => void }) {
  const now = Date.now();
  const [from, setFrom] = useState(() => local(range.kind === "custom" ? range.from : now - DAY_MS));
  const [to, setTo] = useState(() => local(range.kind === "custom" ? range.to : now));
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <form
      noValidate
      aria-label="Custom range"
      onSubmit={(event) => {
        event.preventDefault();
        const begin = instant(from);
        const end = instant(to);
        const found = problemOf(begin, end);
        setProblem(found);
        if (found === null && begin !== null && end !== null) {
          onChoose({ kind: "custom", from: begin, to: end });
        }
      }}
      className="flex flex-wrap items-start gap-2"
    >
      <TextField type="datetime-local" label="From" value={from} onChange={(event) => setFrom(event.target.value)} />
      <TextField
        type="datetime-local"
        label="To"
        value={to}
        problem={problem ?? undefined}
        onChange={(event) => setTo(event.target.value)}
      />
      <Button type="submit" className="mt-5">
        Show
      </Button>
    </form>
  );
}

/** As a field for local times takes it. */
function local(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function described({ from, to, bucket, zone }: Stats): string {
  if (from === null || to === null) {
    return "";
  }
  const format = new Intl.DateTimeFormat(
    undefined,
    bucket === "day"
      ? { day: "numeric", month: "short", year: "numeric" }
      : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  );
  // The end is where the last bucket ends; of days, the last one is told.
  return `${format.format(from)} to ${format.format(bucket === "day" ? to - 1 : to)}, by the ${bucket}, ${zone}`;
}
