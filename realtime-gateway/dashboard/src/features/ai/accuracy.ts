import { instant } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";
import { number } from "../../lib/values";

/** How often people left the classifier's word as it was; shares are 0 to 1, null where nobody judged. */
export interface Accuracy extends Judged {
  readonly since: number | null;
  readonly notLearned: number;
  readonly versions: readonly (Judged & { readonly version: string })[];
  readonly categories: readonly (Judged & { readonly category: string; readonly missed: number })[];
  readonly confusion: readonly Confused[];
}

export interface Judged {
  readonly judged: number;
  readonly corrected: number;
  readonly confirmed: number;
  readonly accuracy: number | null;
}

export interface Confused {
  readonly classified: string;
  readonly corrected: string;
  readonly count: number;
}

export function accuracyOf(body: unknown): Accuracy {
  const data = isObject(body) ? body : {};
  return {
    ...judgedOf(data),
    since: instant(text(data["since"])),
    notLearned: number(data["not_learned"]) ?? 0,
    versions: objects(data["versions"]).map((each) => ({ ...judgedOf(each), version: text(each["model_version"]) ?? "unknown" })),
    categories: objects(data["categories"]).map((each) => ({
      ...judgedOf(each),
      category: text(each["category"]) ?? "",
      missed: number(each["missed"]) ?? 0,
    })),
    confusion: objects(data["confusion"]).map((each) => ({
      classified: text(each["classified"]) ?? "",
      corrected: text(each["corrected"]) ?? "",
      count: number(each["count"]) ?? 0,
    })),
  };
}

/** More columns than this are no longer read at a glance. */
export const MOST_LABELS = 10;

export interface Matrix {
  readonly labels: readonly string[];
  /** By what was found, then by what it really was. The diagonal is what was left as it was. */
  readonly cells: readonly (readonly number[])[];
  /** Labels that had no place. */
  readonly leftOut: number;
}

export function matrixOf({ categories, confusion }: Pick<Accuracy, "categories" | "confusion">): Matrix {
  const weight = new Map<string, number>();
  const add = (label: string, times: number) => weight.set(label, (weight.get(label) ?? 0) + times);
  confusion.forEach(({ classified, corrected, count }) => {
    add(classified, count);
    add(corrected, count);
  });
  const ranked = [...weight].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([label]) => label);
  const labels = ranked.slice(0, MOST_LABELS);
  const right = new Map(categories.map(({ category, judged, corrected }) => [category, judged - corrected]));
  const wrong = new Map(confusion.map(({ classified, corrected, count }) => [`${classified}\n${corrected}`, count]));
  return {
    labels,
    cells: labels.map((found) => labels.map((real) => (found === real ? (right.get(found) ?? 0) : (wrong.get(`${found}\n${real}`) ?? 0)))),
    leftOut: ranked.length - labels.length,
  };
}

function judgedOf(data: JsonObject): Judged {
  return {
    judged: number(data["judged"]) ?? 0,
    corrected: number(data["corrected"]) ?? 0,
    confirmed: number(data["confirmed"]) ?? 0,
    accuracy: number(data["accuracy"]),
  };
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
