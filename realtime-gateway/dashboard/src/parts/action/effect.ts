import { words } from "../../lib/format";
import { isObject, pretty, text, type JsonObject } from "../../lib/json";

/** One figure that would be another one after the action. */
export interface Change {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What an action would do, or did, computed by OpsRelay; no model worded it. */
export interface Effect {
  readonly summary: string | null;
  /** "25.00 EUR" */
  readonly money: string | null;
  readonly changes: readonly Change[];
  readonly details: readonly (readonly [name: string, value: string])[];
  /** What leaves the limits within which one person may ask alone. */
  readonly outside: readonly string[];
}

export function effectOf(value: unknown): Effect | null {
  if (typeof value === "string") {
    return value === "" ? null : { summary: value, money: null, changes: [], details: [], outside: [] };
  }
  if (!isObject(value)) {
    return null;
  }
  const details = isObject(value["details"]) ? value["details"] : {};
  const { changes, used } = changesOf(details);
  const outside = details["outside_guardrails"];
  return {
    summary: text(value["summary"]),
    money: moneyOf(value["money"]),
    changes,
    details: Object.entries(details)
      .filter(([name]) => !used.has(name) && name !== "outside_guardrails")
      .map(([name, detail]) => [words(name), shown(detail)] as const),
    outside: Array.isArray(outside) ? outside.map(shown) : [],
  };
}

/** An amount of money as a person reads it, or null if it is none. */
export function moneyOf(value: unknown): string | null {
  const amount = isObject(value) ? text(value["amount"]) : null;
  const currency = isObject(value) ? text(value["currency"]) : null;
  return amount === null || currency === null ? null : `${amount} ${currency}`;
}

/** Pairs that have two names. */
const PAIRS = [["refundable_now", "remaining_after", "Refundable"]] as const;

/** Details come in pairs (`replicas_now` and `replicas_after`), or as two maps `before` and `after`. */
function changesOf(details: JsonObject): { changes: Change[]; used: ReadonlySet<string> } {
  const changes: Change[] = [];
  const used = new Set<string>();
  const { before, after } = details;
  if (isObject(before) && isObject(after)) {
    used.add("before").add("after");
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      changes.push({ name: words(name), before: shown(before[name]), after: shown(after[name]) });
    }
  }
  for (const [now, then, name] of PAIRS) {
    if (now in details && then in details) {
      used.add(now).add(then);
      changes.push({ name, before: shown(details[now]), after: shown(details[then]) });
    }
  }
  for (const name of Object.keys(details)) {
    const what = name.endsWith("_now") ? name.slice(0, -"_now".length) : null;
    if (what !== null && `${what}_after` in details) {
      used.add(name).add(`${what}_after`);
      changes.push({ name: words(what), before: shown(details[name]), after: shown(details[`${what}_after`]) });
    }
  }
  // Some are told by a bare name for now: `image`, and `image_after`.
  for (const name of Object.keys(details)) {
    const after_ = `${name}_after`;
    if (!used.has(name) && !name.endsWith("_after") && after_ in details && !used.has(after_)) {
      used.add(name).add(after_);
      changes.push({ name: words(name), before: shown(details[name]), after: shown(details[after_]) });
    }
  }
  return { changes, used };
}

function shown(value: unknown): string {
  if (value === undefined || value === null) {
    return "–";
  }
  if (typeof value === "string" || typeof value === "number") {
    return String(value);
  }
  if (typeof value === "boolean") {
    return value ? "yes" : "no";
  }
  if (Array.isArray(value)) {
    return value.map(shown).join(", ");
  }
  return (
    moneyOf(value) ??
    (isObject(value) && Object.values(value).every((member) => typeof member !== "object")
      ? Object.entries(value).map(([name, member]) => `${name} ${String(member)}`).join(", ")
      : pretty(value))
  );
}
