import { useId } from "react";
import { cx } from "../lib/cx";

/** A titled region of the page. Its content has no padding of its own: lists reach its edges, else take `p-3`. */
export function Panel({
  title,
  count,
  actions,
  id,
  className = "",
  children,
}: {
  title: string;
  count?: number | undefined;
  /** Beside the title: buttons, an age, a filter. */
  actions?: React.ReactNode;
  id?: string;
  className?: string;
  children: React.ReactNode;
}) {
  const heading = useId();
  return (
    <section
      id={id}
      aria-labelledby={heading}
      className={`flex min-w-0 scroll-mt-24 flex-col rounded-lg border border-line bg-surface ${className}`}
    >
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5">
        <h2 id={heading} className="flex items-center gap-2 text-sm font-semibold">
          {title}
          {count !== undefined && (
            <span className="rounded-full bg-raised px-1.5 text-xs font-medium text-muted tabular-nums">{count}</span>
          )}
        </h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** An untitled surface, with padding. */
export function Card({ className, children }: { className?: string; children: React.ReactNode }) {
  return <div className={cx("rounded-lg border border-line bg-surface p-3", className)}>{children}</div>;
}
