import type { ChartProps } from "../../ui/Chart";
import { count, percent, span, SPAN_STEPS } from "../../lib/figures";
import type { Point } from "./stats";

type Drawing = Pick<ChartProps, "label" | "times" | "series" | "format" | "steps">;

/** The charts of a span, each said once: what is drawn, by which name, in which unit. */
export function volumeOf(points: readonly Point[]): Drawing {
  return drawing("Tickets", points, count, {
    Received: ({ received }) => received,
    Completed: ({ completed }) => completed,
    Escalated: ({ escalated }) => escalated,
    Failed: ({ failed }) => failed,
  });
}

export function firstResponseOf(points: readonly Point[]): Drawing {
  const lines = {
    "Half within": ({ firstResponseP50 }: Point) => firstResponseP50,
    "95 % within": ({ firstResponseP95 }: Point) => firstResponseP95,
  };
  return { ...drawing("From the reception to the first answer", points, span, lines), steps: SPAN_STEPS };
}

export function resolutionOf(points: readonly Point[]): Drawing {
  const lines = {
    "Half within": ({ resolutionP50 }: Point) => resolutionP50,
    "95 % within": ({ resolutionP95 }: Point) => resolutionP95,
  };
  return { ...drawing("From the reception to the resolution", points, span, lines), steps: SPAN_STEPS };
}

export function ratesOf(points: readonly Point[]): Drawing {
  return drawing("Shares", points, percent, {
    Completed: ({ completionRate }) => completionRate,
    "Without a person": ({ automationRate }) => automationRate,
    Approved: ({ approvalRate }) => approvalRate,
  });
}

/** Whether there is anything to see in it. */
export function isEmpty({ series }: Drawing): boolean {
  return series.every(({ values }) => values.every((value) => value === null || value === 0));
}

function drawing(
  label: string,
  points: readonly Point[],
  format: (value: number) => string,
  lines: Readonly<Record<string, (point: Point) => number | null>>,
): Drawing {
  return {
    label,
    times: points.map(({ at }) => at),
    series: Object.entries(lines).map(([name, of]) => ({ name, values: points.map(of) })),
    format,
  };
}
