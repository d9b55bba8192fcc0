import { count, span } from "../../lib/figures";
import type { Spread, Totals } from "../../parts/numbers/stats";
import { Panel } from "../../ui/Panel";
import { SkeletonRows } from "../../ui/States";

export const TIMES = [
  { id: "firstResponse", name: "First response", what: "from the reception to the first answer" },
  { id: "resolution", name: "Resolution", what: "from the reception or reopening to the completion" },
  { id: "processing", name: "Processing", what: "what understanding a text took the agent" },
] as const;

export const COLUMNS: readonly { readonly name: string; readonly of: (spread: Spread) => number | null }[] = [
  { name: "Mean", of: ({ mean }) => mean },
  { name: "p50", of: ({ p50 }) => p50 },
  { name: "p90", of: ({ p90 }) => p90 },
  { name: "p95", of: ({ p95 }) => p95 },
  { name: "p99", of: ({ p99 }) => p99 },
];

/** How long things took, by percentiles. */
export function Times({ totals }: { totals: Totals | undefined }) {
  return (
    <Panel title="Times">
      {totals === undefined ? (
        <SkeletonRows rows={3} />
      ) : (
        <div tabIndex={0} role="region" aria-label="Mean and percentiles" className="overflow-x-auto">
          <table className="w-full text-sm">
            <thead className="text-xs text-muted">
              <tr>
                <th scope="col" className="px-3 py-1.5 text-left font-medium">
                  What
                </th>
                <th scope="col" className="px-3 py-1.5 text-right font-medium">
                  Measured
                </th>
                {COLUMNS.map(({ name }) => (
                  <th key={name} scope="col" className="px-3 py-1.5 text-right font-medium">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {TIMES.map(({ id, name, what }) => {
                const spread = totals[id];
                return (
                  <tr key={id} className="border-t border-line">
                    <th scope="row" className="px-3 py-1.5 text-left font-medium whitespace-nowrap">
                      {name} <span className="hidden text-xs font-normal text-muted lg:inline">{what}</span>
                    </th>
                    <td className="px-3 py-1.5 text-right text-muted tabular-nums">{count(spread.count)}</td>
                    {spread.count === 0 ? (
                      <td colSpan={COLUMNS.length} className="px-3 py-1.5 text-muted sm:text-right">
                        Not measured yet
                      </td>
                    ) : (
                      COLUMNS.map((column) => {
                        const seconds = column.of(spread);
                        return (
                          <td key={column.name} className="px-3 py-1.5 text-right whitespace-nowrap tabular-nums">
                            {seconds === null ? "–" : span(seconds)}
                          </td>
                        );
                      })
                    )}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
