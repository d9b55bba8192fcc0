import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { cx } from "../../lib/cx";
import { timeOfDay, dateTime } from "../../lib/format";
import { useIsDark } from "../../lib/theme";
import type { ChartProps } from "../Chart";
import { COLOURS, DASHES, hatched, HATCHES, markOf, SHAPES, TILE } from "./marks";

const FONT = "ui-sans-serif, system-ui, sans-serif";
const DAY_MS = 86_400_000;

export default function Plot({
  times,
  series,
  kind = "line",
  height = 220,
  format = String,
  steps,
  large = false,
  threshold,
  onRange,
}: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const dark = useIsDark();
  const [index, setIndex] = useState<number | null>(null);
  const latest = useRef({ format, onRange });
  useEffect(() => {
    latest.current = { format, onRange };
  });

  const names = series.map(({ name }) => name).join("\n");
  const data = dataOf(times, series, kind);
  const dataRef = useRef(data);
  dataRef.current = data;
  const limit = threshold?.value;
  const hasRange = onRange !== undefined;

  useEffect(() => {
    const element = box.current;
    if (element === null) {
      return undefined;
    }
    const style = getComputedStyle(element);
    const colour = (name: string) => resolved(element, style.getPropertyValue(name));
    const ink = colour("--muted");
    const line = colour("--line");
    const count = names === "" ? 0 : names.split("\n").length;
    const axis = { stroke: ink, font: `${large ? 16 : 11}px ${FONT}`, grid: { stroke: line, width: 1 }, ticks: { show: false } };
    const options: uPlot.Options = {
      width: element.clientWidth || 300,
      height,
      legend: { show: false },
      cursor: { drag: { x: hasRange, y: false }, points: { size: 6 } },
      axes: [
        { ...axis, size: large ? 36 : 26, space: large ? 90 : 50, grid: { show: false }, values: (_, splits) => splits.map((at) => label(at, splits)) },
        {
          ...axis,
          size: large ? 76 : 52,
          values: (_, splits) => splits.map((value) => latest.current.format(value)),
          ...(steps === undefined ? {} : { incrs: [...steps] }),
        },
      ],
      scales: {
        x: { time: true },
        y: { range: (_, min, max) => rangeOf(min, max, limit) },
      },
      series: [
        {},
        ...Array.from({ length: count }, (_, i): uPlot.Series => {
          const stroke = colour(markOf(COLOURS, i));
          return kind === "bars"
            ? { stroke, fill: hatched(stroke, colour("--surface"), markOf(HATCHES, i)), ...barPaths(), points: { show: false } }
            : { stroke, width: large ? 3 : 1.75, dash: [...markOf(DASHES, i)], points: { show: true, size: 5, filter: alone } };
        }),
      ],
      hooks: {
        setCursor: [(u) => setIndex(u.cursor.idx ?? null)],
        setSelect: [
          (u) => {
            if (u.select.width > 4) {
              const from = u.posToVal(u.select.left, "x");
              const to = u.posToVal(u.select.left + u.select.width, "x");
              latest.current.onRange?.(from * 1_000, to * 1_000);
            }
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
        draw: [
          (u) => {
            if (limit !== undefined) {
              const y = u.valToPos(limit, "y", true);
              u.ctx.save();
              u.ctx.strokeStyle = colour("--bad");
              u.ctx.setLineDash([4, 4]);
              u.ctx.beginPath();
              u.ctx.moveTo(u.bbox.left, y);
              u.ctx.lineTo(u.bbox.left + u.bbox.width, y);
              u.ctx.stroke();
              u.ctx.restore();
            }
          },
        ],
      },
    };
    const drawn = new uPlot(options, dataRef.current, element);
    plot.current = drawn;
    const observer = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [names, kind, height, dark, limit, hasRange, steps, large]);

  useEffect(() => {
    plot.current?.setData(dataRef.current);
  }, [times, series]);

  const shown = index ?? times.length - 1;
  const at = times[shown];
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div ref={box} className="min-w-0 overflow-hidden" style={{ height }} />
      <ul role="list" className={cx("flex flex-wrap gap-x-4 gap-y-0.5 text-muted", large ? "text-lg" : "text-xs")}>
        {series.map(({ name, values }, i) => {
          const value = values[shown];
          return (
            <li key={name} className="flex items-center gap-1.5">
              <span aria-hidden="true" style={{ color: `var(${markOf(COLOURS, i)})` }}>
                {kind === "bars" ? <Swatch hatch={markOf(HATCHES, i)} /> : markOf(SHAPES, i)}
              </span>
              {name}
              <span className="font-medium text-ink tabular-nums">
                {value === null || value === undefined ? "–" : format(value)}
              </span>
            </li>
          );
        })}
        {threshold !== undefined && <li>┄ {threshold.label}</li>}
        {at !== undefined && <li className="ml-auto tabular-nums">{dateTime(at)}</li>}
      </ul>
    </div>
  );
}

/** A layer of bars as it is drawn. */
function Swatch({ hatch }: { hatch: string }) {
  return (
    <svg viewBox={`0 0 ${TILE} ${TILE}`} className="inline-block size-2.5 align-baseline">
      <rect width={TILE} height={TILE} className="fill-current" />
      <path d={hatch} className="fill-none stroke-surface" strokeWidth="1.25" />
    </svg>
  );
}

/** A value between two gaps has no line that shows it: it is drawn as a point. */
function alone(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  const isGap = (index: number) => values[index] === null || values[index] === undefined;
  return Array.from(values.keys()).filter((index) => !isGap(index) && isGap(index - 1) && isGap(index + 1));
}

function barPaths(): Pick<uPlot.Series, "paths"> {
  const paths = uPlot.paths.bars?.({ size: [0.7, 40] });
  return paths === undefined ? {} : { paths };
}

/** Seconds, and for bars the sums from below, the topmost layer first so that it is drawn behind. */
function dataOf(times: readonly number[], series: ChartProps["series"], kind: "line" | "bars"): uPlot.AlignedData {
  const x = times.map((at) => at / 1_000);
  if (kind === "line") {
    return [x, ...series.map(({ values }) => [...values])];
  }
  const layers = series.map((_, layer) =>
    times.map((__, i) => series.slice(layer).reduce((sum, { values }) => sum + (values[i] ?? 0), 0)),
  );
  return [x, ...layers];
}

/** From 0, since people compare heights; a little air above. */
function rangeOf(min: number | null, max: number | null, limit: number | undefined): [number, number] {
  const top = Math.max(max ?? 1, limit ?? 0);
  const bottom = Math.min(0, min ?? 0);
  return [bottom, top === bottom ? bottom + 1 : top + (top - bottom) * 0.08];
}

function label(at: number, splits: readonly number[]): string {
  const span = ((splits.at(-1) ?? at) - (splits[0] ?? at)) * 1_000;
  const date = new Date(at * 1_000);
  return span > 2 * DAY_MS
    ? date.toLocaleDateString(undefined, { month: "short", day: "numeric" })
    : timeOfDay(date.getTime()).slice(0, 5);
}

/** A canvas knows no `light-dark()`: the browser is asked what it comes to here. */
function resolved(element: HTMLElement, value: string): string {
  const probe = document.createElement("span");
  probe.style.color = value;
  element.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
