import { isObject, pretty, text, type JsonObject } from "../../lib/json";
import { listOf, number, texts } from "../../lib/values";
import { durationInWords, ruleInWords, scopeInWords } from "./rules";

/** A guardrail as it is typed. */
export interface RuleDraft {
  readonly name: string;
  readonly kind: string;
  readonly targets: string;
  readonly actionTypes: string;
  readonly pause: string;
  readonly perHour: string;
  readonly per: string;
  readonly count: string;
  readonly sums: string;
  readonly mode: string;
  readonly days: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly failures: string;
  readonly within: string;
  readonly openFor: string;
  readonly minReplicas: string;
  readonly maxReplicas: string;
  readonly maxStep: string;
}

export const KINDS: readonly { readonly value: string; readonly label: string; readonly hint: string }[] = [
  { value: "cool_down", label: "Cool-down", hint: "Bars the next action on a target for a while." },
  { value: "rate", label: "Rate", hint: "Bars more than so many within any hour." },
  { value: "daily_cap", label: "Daily cap", hint: "Bars more actions, or more money, in a day." },
  { value: "window", label: "Window", hint: "Bars what comes outside of it, or inside." },
  { value: "breaker", label: "Breaker", hint: "Bars a target after failures in a row." },
  { value: "replicas", label: "Replicas", hint: "Bars scaling beyond these numbers." },
  { value: "allow_list", label: "Allow list", hint: "Bars whatever no allow list names." },
];

export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

export function draftOf(rule: JsonObject | null, zone: string): RuleDraft {
  const of = rule ?? { kind: "cool_down" };
  const time = (name: string) => (text(of[name]) === null ? "" : durationInWords(text(of[name]) ?? ""));
  const count = (name: string) => String(number(of[name]) ?? "");
  const sums = isObject(of["sums"]) ? Object.entries(of["sums"]).map(([currency, sum]) => `${String(sum)} ${currency}`) : [];
  return {
    name: text(of["name"]) ?? "",
    kind: text(of["kind"]) ?? "cool_down",
    targets: texts(of["targets"]).join(", "),
    actionTypes: texts(of["action_types"]).join(", "),
    pause: time("pause"),
    perHour: count("per_hour"),
    per: text(of["per"]) ?? "target",
    count: count("count"),
    sums: sums.join(", "),
    mode: text(of["mode"]) ?? "deny",
    days: texts(of["days"]),
    from: (text(of["from"]) ?? "").slice(0, 5),
    to: (text(of["to"]) ?? "").slice(0, 5),
    zone: text(of["zone"]) ?? (rule === null ? zone : ""),
    failures: count("failures"),
    within: time("within"),
    openFor: time("open_for"),
    minReplicas: count("min_replicas"),
    maxReplicas: count("max_replicas"),
    maxStep: count("max_step"),
  };
}

/** What cannot even be sent, by the API's name of the field; the service checks the rest. */
export function problemsOf(draft: RuleDraft): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  const whole = (field: string, typed: string) => {
    if (!/^\d{1,9}$/.test(typed.trim())) {
      problems.set(field, "must be a whole number");
    }
  };
  const time = (field: string, typed: string) => {
    if (durationOf(typed) === null) {
      problems.set(field, "must be a length of time such as 10 min or 2 h");
    }
  };
  if (draft.name.trim() === "") {
    problems.set("name", "is required");
  }
  switch (draft.kind) {
    case "cool_down":
      time("pause", draft.pause);
      break;
    case "rate":
      whole("per_hour", draft.perHour);
      break;
    case "daily_cap":
      if (draft.count.trim() !== "") {
        whole("count", draft.count);
      }
      if (sumsOf(draft.sums) === null) {
        problems.set("sums", "must be amounts with their currency, such as 5000.00 EUR, 4000.00 USD");
      }
      break;
    case "breaker":
      whole("failures", draft.failures);
      time("within", draft.within);
      time("open_for", draft.openFor);
      break;
    case "replicas":
      replicasOf(draft).forEach(([field, typed]) => whole(field, typed));
      break;
    default:
  }
  return problems;
}

/** As the API takes it: the fields of its kind, and no others. */
export function ruleOf(draft: RuleDraft): JsonObject {
  const targets = listOf(draft.targets);
  const types = listOf(draft.actionTypes);
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    ...(targets.length === 0 ? {} : { targets }),
    ...(types.length === 0 ? {} : { action_types: types }),
    ...ownFields(draft),
  };
}

function ownFields(draft: RuleDraft): JsonObject {
  const zone = draft.zone.trim() === "" ? {} : { zone: draft.zone.trim() };
  switch (draft.kind) {
    case "cool_down":
      return { pause: durationOf(draft.pause) };
    case "rate":
      return { per_hour: Number(draft.perHour), per: draft.per };
    case "daily_cap": {
      const sums = sumsOf(draft.sums) ?? {};
      return {
        ...(draft.count.trim() === "" ? {} : { count: Number(draft.count) }),
        ...(Object.keys(sums).length === 0 ? {} : { sums }),
        ...zone,
      };
    }
    case "window":
      return { mode: draft.mode, ...(draft.days.length === 0 ? {} : { days: draft.days }), from: draft.from.trim(), to: draft.to.trim(), ...zone };
    case "breaker":
      return { failures: Number(draft.failures), within: durationOf(draft.within), open_for: durationOf(draft.openFor) };
    case "replicas":
      return Object.fromEntries(replicasOf(draft).map(([field, typed]) => [field, Number(typed)]));
    default:
      return {};
  }
}

/** What was typed of the bounds, by the API's name of the field. */
function replicasOf(draft: RuleDraft): readonly (readonly [string, string])[] {
  const all: readonly (readonly [string, string])[] = [
    ["min_replicas", draft.minReplicas],
    ["max_replicas", draft.maxReplicas],
    ["max_step", draft.maxStep],
  ];
  return all.filter(([, typed]) => typed.trim() !== "");
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["sec", 1],
  ["min", 60],
  ["m", 60],
  ["h", 3_600],
  ["d", 86_400],
]);

/** `1 h 30 min`, or `PT90M`, as ISO 8601; null for what is no length of time. */
export function durationOf(typed: string): string | null {
  const said = typed.trim();
  if (/^P(?=.)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/i.test(said)) {
    return said.toUpperCase();
  }
  if (!/^(?:\d+\s*(?:sec|min|[smhd])\s*)+$/i.test(said)) {
    return null;
  }
  const seconds = [...said.toLowerCase().matchAll(/(\d+)\s*(sec|min|[smhd])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (UNITS.get(unit ?? "") ?? 0),
    0,
  );
  const parts = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  const iso = ["H", "M", "S"].flatMap((unit, index) => (parts[index] === 0 ? [] : [`${parts[index]}${unit}`])).join("");
  return iso === "" ? null : `PT${iso}`;
}

/** `5000.00 EUR, 4000.00 USD` by currency; null for what cannot be read so. */
function sumsOf(typed: string): Readonly<Record<string, string>> | null {
  const entries = listOf(typed).map((each) => /^(\d+(?:\.\d+)?)\s*([A-Za-z]{3})$/.exec(each));
  return entries.includes(null) ? null : Object.fromEntries(entries.map((parts) => [(parts?.[2] ?? "").toUpperCase(), parts?.[1] ?? ""]));
}

export interface Change {
  readonly kind: "added" | "removed" | "changed";
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What becomes of each rule, told in words; what stays as it is is left out. */
export function changesOf(before: readonly JsonObject[], after: readonly JsonObject[]): Change[] {
  const named = (rules: readonly JsonObject[]) => new Map(rules.map((rule) => [text(rule["name"]) ?? "", rule]));
  const old = named(before);
  const fresh = named(after);
  const said = (rule: JsonObject) => `${ruleInWords(rule)} ${scopeInWords(rule)}.`;
  return [
    ...[...old].filter(([name]) => !fresh.has(name)).map(([name, rule]): Change => ({ kind: "removed", name, before: said(rule), after: null })),
    ...[...fresh].flatMap(([name, rule]): Change[] => {
      const was = old.get(name);
      if (was === undefined) {
        return [{ kind: "added", name, before: null, after: said(rule) }];
      }
      return sorted(was) === sorted(rule) ? [] : [{ kind: "changed", name, before: said(was), after: said(rule) }];
    }),
  ];
}

function sorted(rule: JsonObject): string {
  return pretty(Object.fromEntries(Object.entries(rule).sort(([a], [b]) => a.localeCompare(b))));
}
