import { useId } from "react";

/** A part of the details of an approval or action, under its name. */
export function Section({ title, aside, children }: { title: string; aside?: React.ReactNode; children: React.ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2 border-t border-line px-4 py-3 first:border-t-0">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h3 id={id} className="text-xs font-medium text-muted">
          {title}
        </h3>
        {aside}
      </div>
      {children}
    </section>
  );
}
