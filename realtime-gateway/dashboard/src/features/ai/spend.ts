import { itemsOf, text } from "../../lib/json";
import { number } from "../../lib/values";
import type { Series } from "../../ui/Chart";

/** What one model was used for on one day (UTC). */
export interface Spend {
  readonly day: string;
  readonly model: string;
  readonly runs: number;
  readonly answers: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: number;
}

const DAY_MS = 86_400_000;
/** What the service gives at once. */
export const MOST_DAYS = 367;
/** More layers than this are no longer told apart. */
const MOST_LAYERS = 5;

export function spendOf(body: unknown): Spend[] {
  return itemsOf(body).flatMap((item): Spend[] => {
    const day = text(item["day"]);
    const model = text(item["model"]);
    return day === null || model === null
      ? []
      : [
          {
            day,
            model,
            runs: number(item["runs"]) ?? 0,
            answers: number(item["answers"]) ?? 0,
            inputTokens: number(item["input_tokens"]) ?? 0,
            outputTokens: number(item["output_tokens"]) ?? 0,
            cost: number(item["cost_usd"]) ?? 0,
          },
        ];
  });
}

export interface Days {
  readonly from: string;
  readonly to: string;
}

/** The days that an address names: a period up to today, or a begin and an end of one's own. */
export function daysOf({ days = "30", from, to }: { days?: string | undefined; from?: string | undefined; to?: string | undefined }, now: number): Days {
  if (from !== undefined && to !== undefined && problemOf(from, to) === null) {
    return { from, to };
  }
  return { from: dayOf(now - (Number(days) - 1) * DAY_MS), to: dayOf(now) };
}

/** Why days cannot be asked for, or null if they can. */
export function problemOf(from: string, to: string): string | null {
  const begin = startOf(from);
  const end = startOf(to);
  if (begin === null || end === null) {
    return "Give both a first and a last day.";
  }
  if (begin > end) {
    return "The last day must not come before the first.";
  }
  return (end - begin) / DAY_MS >= MOST_DAYS ? `At most ${MOST_DAYS} days can be shown at once.` : null;
}

function startOf(day: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : NaN;
  return Number.isNaN(at) ? null : at;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The cost of each day, a layer for each model, the dearest first; what has no layer of its own stands together. */
export function layersOf(spends: readonly Spend[], { from, to }: Days): { readonly times: number[]; readonly series: Series[] } {
  const begin = startOf(from) ?? 0;
  const end = startOf(to) ?? begin;
  const times = Array.from({ length: Math.round((end - begin) / DAY_MS) + 1 }, (_, index) => begin + index * DAY_MS);
  const ranked = totalsOf(spends).map(({ model }) => model);
  const own = ranked.length > MOST_LAYERS ? ranked.slice(0, MOST_LAYERS - 1) : ranked;
  const sums = new Map<string, number>();
  for (const { day, model, cost } of spends) {
    const key = `${own.includes(model) ? model : ""} ${startOf(day)}`;
    sums.set(key, (sums.get(key) ?? 0) + cost);
  }
  const layer = (name: string, key: string): Series => ({ name, values: times.map((at) => sums.get(`${key} ${at}`) ?? 0) });
  return { times, series: [...own.map((model) => layer(model, model)), ...(own.length < ranked.length ? [layer("Others", "")] : [])] };
}

/** Each model over all the days, the dearest first. */
export function totalsOf(spends: readonly Spend[]): Omit<Spend, "day">[] {
  const totals = new Map<string, Omit<Spend, "day">>();
  for (const { model, ...used } of spends) {
    const before = totals.get(model);
    totals.set(model, {
      model,
      runs: used.runs + (before?.runs ?? 0),
      answers: used.answers + (before?.answers ?? 0),
      inputTokens: used.inputTokens + (before?.inputTokens ?? 0),
      outputTokens: used.outputTokens + (before?.outputTokens ?? 0),
      cost: used.cost + (before?.cost ?? 0),
    });
  }
  return [...totals.values()].sort((a, b) => b.cost - a.cost || b.inputTokens - a.inputTokens || a.model.localeCompare(b.model));
}

/** US dollars; less than a cent is told in full. */
export function dollars(value: number): string {
  const digits = value !== 0 && value < 0.01 ? 6 : 2;
  return value.toLocaleString(undefined, { style: "currency", currency: "USD", minimumFractionDigits: 2, maximumFractionDigits: digits });
}
