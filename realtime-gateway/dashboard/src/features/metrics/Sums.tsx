import { count, percent } from "../../lib/figures";
import type { Totals } from "../../parts/numbers/stats";
import { Stat } from "../../ui/Stat";

/** The sums of the span. What is not measured yet says why. */
export function Sums({ totals }: { totals: Totals | undefined }) {
  return (
    <section aria-label="Sums" className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
      <Stat
        label="Received"
        value={totals && count(totals.received)}
        note={totals && (totals.reopened === 0 ? "none reopened" : `${count(totals.reopened)} reopened`)}
      />
      <Stat
        label="Completed"
        value={totals && count(totals.completed)}
        note={totals && `${count(totals.escalated)} escalated · ${count(totals.failed)} failed`}
      />
      <Rate
        label="Completion rate"
        share={totals?.completionRate}
        of="of the tickets that ended"
        why="Not measured yet: no ticket ended in this range."
      />
      <Rate
        label="Automation rate"
        share={totals?.automationRate}
        of="completed without a person"
        why="Not measured yet: no ticket was completed in this range."
      />
      <Rate
        label="Approval rate"
        share={totals?.approvalRate}
        of="of what people decided"
        why="Not measured yet: nobody decided about an action in this range."
      />
      <Rate
        label="Accuracy"
        share={totals?.accuracy}
        of={totals && `${count(totals.corrections)} of ${count(totals.reviewed)} reviewed were corrected`}
        why={
          totals !== undefined && totals.reviewed > 0
            ? `Not measured yet: of ${count(totals.reviewed)} reviewed tickets nobody has corrected a category.`
            : "Not measured yet: nobody has reviewed a classified ticket in this range."
        }
      />
    </section>
  );
}

/** A share; null is told in words and is no zero. */
function Rate({
  label,
  share,
  of,
  why,
}: {
  label: string;
  /** Undefined while it is loading. */
  share: number | null | undefined;
  of: string | undefined;
  why: string;
}) {
  return (
    <Stat
      label={label}
      value={share === undefined ? undefined : share === null ? null : percent(share)}
      note={share === undefined ? undefined : share === null ? why : of}
    />
  );
}
