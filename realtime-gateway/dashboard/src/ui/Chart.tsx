import { lazy, Suspense, useId, useState } from "react";
import { Table2 } from "lucide-react";
import { cx } from "../lib/cx";
import { dateTime } from "../lib/format";
import { IconButton } from "./Button";
import Spark from "./chart/Spark";
import { Skeleton } from "./States";

/** One line or one layer of bars. A place without a value is null, and is drawn as a gap. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  /** What is shown, with its unit: the name of the picture for those who cannot see it. */
  readonly label: string;
  /** Milliseconds since 1970, rising. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  /** `bars` are stacked. */
  readonly kind?: "line" | "bars";
  readonly height?: number;
  /** How a value reads, with its unit. */
  readonly format?: (value: number) => string;
  /** The distances that the marks of the values may have, rising: for units that people do not count in tens. */
  readonly steps?: readonly number[];
  /** To be read from afar. */
  readonly large?: boolean;
  /** A value with a meaning of its own, such as a limit. */
  readonly threshold?: { readonly value: number; readonly label: string };
  /** Called with the range that was dragged over, in milliseconds since 1970. */
  readonly onRange?: (from: number, to: number) => void;
}

const Plot = lazy(() => import("./chart/Plot"));
const plain = (value: number) => value.toLocaleString(undefined, { maximumFractionDigits: 2 });

/** Numbers over time: as a picture that needs no colour to be read, and as a table. */
export function Chart(props: ChartProps) {
  const { label, times, series, height = 220, format = plain, large = false } = props;
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <figure aria-labelledby={id} className="flex min-w-0 flex-col gap-2">
      <figcaption className="flex items-center gap-2">
        <span id={id} className={cx("min-w-0 flex-1 truncate font-medium text-muted", large ? "text-lg" : "text-xs")}>
          {label}
        </span>
        <IconButton
          label={asTable ? "Show as a chart" : "Show as a table"}
          aria-pressed={asTable}
          icon={Table2}
          size="small"
          onClick={() => setAsTable(!asTable)}
        />
      </figcaption>
      {asTable ? (
        <div tabIndex={0} role="region" aria-label={label} className="overflow-auto" style={{ height }}>
          <table className="w-full text-xs">
            <thead className="sticky top-0 bg-surface text-left text-muted">
              <tr>
                <th scope="col" className="py-1 pr-3 font-medium">
                  Time
                </th>
                {series.map(({ name }) => (
                  <th key={name} scope="col" className="py-1 pr-3 text-right font-medium">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((at, index) => (
                <tr key={at} className="border-t border-line">
                  <th scope="row" className="py-1 pr-3 text-left font-normal whitespace-nowrap">
                    {dateTime(at)}
                  </th>
                  {series.map(({ name, values }) => {
                    const value = values[index];
                    return (
                      <td key={name} className="py-1 pr-3 text-right tabular-nums">
                        {value === null || value === undefined ? "–" : format(value)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <Suspense fallback={<div style={{ height }}><Skeleton className="h-full w-full" /></div>}>
          <Plot {...props} height={height} format={format} />
        </Suspense>
      )}
    </figure>
  );
}

/** The course of a number without axes, beside the number itself, which is what is read out. */
export function Sparkline({ values, width = 96, height = 24 }: { values: readonly (number | null)[]; width?: number; height?: number }) {
  return (
    <span aria-hidden="true" className="inline-block" style={{ width, height }}>
      <Spark values={values} width={width} height={height} />
    </span>
  );
}
