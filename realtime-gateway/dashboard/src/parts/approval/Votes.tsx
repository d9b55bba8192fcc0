import { cx } from "../../lib/cx";

/** How many of the people who must say yes have done so. */
export function Votes({ given, needed }: { given: number; needed: number }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap tabular-nums">
      <span aria-hidden="true" className="flex gap-0.5">
        {Array.from({ length: Math.min(needed, 6) }, (_, index) => (
          <span key={index} className={cx("size-2 rounded-full border", index < given ? "border-good bg-good" : "border-line-strong")} />
        ))}
      </span>
      {given} of {needed} approved
    </span>
  );
}
