import { ArrowRight, TriangleAlert } from "lucide-react";
import { Facts } from "../../ui/Facts";
import type { Change, Effect } from "./effect";

/** What would be done, the sentence first, then what would change and from what to what. */
export function EffectView({ effect }: { effect: Effect }) {
  const { summary, money, changes, details, outside } = effect;
  return (
    <div className="flex flex-col gap-3">
      {(summary !== null || money !== null) && (
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          {summary !== null && <p className="min-w-0 flex-1 basis-56 text-base font-medium wrap-anywhere">{summary}</p>}
          {money !== null && <p className="text-xl font-semibold tabular-nums">{money}</p>}
        </div>
      )}
      {outside.length > 0 && (
        <p className="flex items-start gap-2 rounded-md bg-warn-soft px-2.5 py-1.5 text-warn">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0 wrap-anywhere">Outside of what one person may ask for alone: {outside.join("; ")}</span>
        </p>
      )}
      {changes.length + details.length > 0 && (
        <Facts
          facts={[
            ...changes.map((change) => ({ name: change.name, value: <Changed {...change} /> })),
            ...details.map(([name, value]) => ({ name, value })),
          ]}
        />
      )}
    </div>
  );
}

/** From what to what; told by words too, for who cannot see the line through it. */
function Changed({ before, after }: Change) {
  if (before === after) {
    return (
      <>
        {after} <span className="text-muted">(stays)</span>
      </>
    );
  }
  return (
    <span className="flex flex-wrap items-center gap-x-1.5">
      <span className="sr-only">now </span>
      <span className="text-muted line-through">{before}</span>
      <ArrowRight aria-hidden="true" className="size-3 shrink-0 text-muted" />
      <span className="sr-only">after </span>
      <span className="font-semibold">{after}</span>
    </span>
  );
}
