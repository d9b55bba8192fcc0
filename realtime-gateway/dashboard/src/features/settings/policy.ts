import { instant, words } from "../../lib/format";
import { isObject, itemsOf, text, type JsonObject } from "../../lib/json";
import { number, texts } from "../../lib/values";

/** A rule as the API has it: what this page does not know of it stays as it is. */
export interface Rule {
  readonly name: string;
  readonly when: JsonObject;
  readonly then: JsonObject;
}

export interface Policy {
  readonly version: number;
  readonly rules: readonly Rule[];
  readonly changedBy: string | null;
  readonly changedAt: number | null;
}

export function policyOf(body: unknown): Policy {
  const data = isObject(body) ? body : {};
  return {
    version: number(data["version"]) ?? 0,
    rules: itemsOf({ items: data["rules"] }).map((rule) => ({
      name: text(rule["name"]) ?? "",
      when: isObject(rule["when"]) ? rule["when"] : {},
      then: isObject(rule["then"]) ? rule["then"] : {},
    })),
    changedBy: text(data["changed_by"]),
    changedAt: instant(text(data["changed_at"])),
  };
}

export function decisionOf({ then }: Rule): string {
  return text(then["decision"]) ?? "deny";
}

/** A rule's conditions as one reads them; empty where it fits everything. */
export function conditionsOf({ when }: Rule): string[] {
  const said: string[] = [];
  const either = (name: string, what: string) => {
    const values = texts(when[name]);
    if (values.length > 0) {
      said.push(`${what} ${values.map((value) => value.replaceAll("_", " ")).join(" or ")}`);
    }
  };
  either("action_types", "Action is");
  either("categories", "Category is");
  if (isObject(when["amount"])) {
    const { over, up_to: upTo, currency } = when["amount"] as Record<string, unknown>;
    const money = (value: unknown) => `${String(value)} ${text(currency) ?? ""}`.trim();
    said.push(
      over != null && upTo != null
        ? `Amount is over ${money(over)}, up to ${money(upTo)}`
        : upTo != null
          ? `Amount is up to ${money(upTo)}`
          : `Amount is ${over == null ? "" : "over "}${money(over ?? "in")}`,
    );
  }
  either("targets", "Target is");
  either("environments", "Environment is");
  either("personas", "AI employee is");
  either("requesters", "Asked for by");
  const below = number(when["confidence_below"]);
  const atLeast = number(when["confidence_at_least"]);
  if (below !== null) {
    said.push(`Confidence is below ${below}`);
  }
  if (atLeast !== null) {
    said.push(`Confidence is at least ${atLeast}`);
  }
  if (isObject(when["time_window"])) {
    const { days, from, to, zone } = when["time_window"] as Record<string, unknown>;
    said.push(`Time is ${[texts(days).join(", "), text(from) === null && text(to) === null ? null : `${text(from) ?? "00:00"} to ${text(to) ?? "24:00"}`, text(zone)].filter((each) => each !== null && each !== "").join(", ")}`);
  }
  const flag = (name: string, yes: string, no: string) => {
    if (typeof when[name] === "boolean") {
      said.push(when[name] ? yes : no);
    }
  };
  flag("customer_verified", "Customer is verified", "Customer is not verified");
  flag("outside_guardrails", "Outside the guardrails", "Within the guardrails");
  flag("break_glass", "Break-glass", "No break-glass");
  return said;
}

/** What follows, beside the decision itself. */
export function consequencesOf({ then }: Rule): string[] {
  const said: string[] = [];
  const approvers = isObject(then["approvers"]) ? then["approvers"] : null;
  if (approvers !== null) {
    const people = number(approvers["count"]) ?? 1;
    said.push(`${people} ${people === 1 ? "person" : "people"}: ${texts(approvers["roles"]).map(role).join(" or ")}`);
  }
  const after = (name: string, what: string) => {
    const time = text(then[name]);
    if (time !== null) {
      said.push(`${what} ${time}`);
    }
  };
  after("remind_after", "reminds after");
  const escalation = isObject(then["escalate"]) ? then["escalate"] : null;
  if (escalation !== null) {
    said.push(`${texts(escalation["to_roles"]).map(role).join(" or ")} too after ${text(escalation["after"]) ?? ""}`);
  }
  after("expires_after", "expires after");
  const reason = text(then["reason"]);
  if (reason !== null) {
    said.push(reason);
  }
  return said;
}

function role(name: string): string {
  return name === "sre" ? "SRE" : words(name).toLowerCase();
}

/** A rule as it is edited: everything is text. */
export interface RuleDraft {
  readonly name: string;
  readonly decision: string;
  readonly reason: string;
  readonly approvers: string;
  readonly roles: readonly string[];
  readonly expiresAfter: string;
  readonly remindAfter: string;
  readonly escalateAfter: string;
  readonly escalateTo: readonly string[];
  readonly actionTypes: string;
  readonly categories: readonly string[];
  readonly amountOver: string;
  readonly amountUpTo: string;
  readonly currency: string;
  readonly targets: string;
  readonly environments: string;
  readonly personas: string;
  readonly requesters: string;
  readonly confidenceBelow: string;
  readonly confidenceAtLeast: string;
  readonly days: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly customerVerified: string;
  readonly outsideGuardrails: string;
  readonly breakGlass: string;
}

export function draftOf({ name, when, then }: Rule): RuleDraft {
  const part = (value: unknown): JsonObject => (isObject(value) ? value : {});
  const amount = part(when["amount"]);
  const window = part(when["time_window"]);
  const approvers = part(then["approvers"]);
  const escalation = part(then["escalate"]);
  const typed = (value: unknown) => (typeof value === "number" ? String(value) : (text(value) ?? ""));
  const flag = (value: unknown) => (typeof value === "boolean" ? String(value) : "");
  return {
    name,
    decision: text(then["decision"]) ?? "approve",
    reason: typed(then["reason"]),
    approvers: typed(approvers["count"]) || "1",
    roles: texts(approvers["roles"]),
    expiresAfter: typed(then["expires_after"]),
    remindAfter: typed(then["remind_after"]),
    escalateAfter: typed(escalation["after"]),
    escalateTo: texts(escalation["to_roles"]),
    actionTypes: texts(when["action_types"]).join(", "),
    categories: texts(when["categories"]),
    amountOver: typed(amount["over"]),
    amountUpTo: typed(amount["up_to"]),
    currency: typed(amount["currency"]),
    targets: texts(when["targets"]).join(", "),
    environments: texts(when["environments"]).join(", "),
    personas: texts(when["personas"]).join(", "),
    requesters: texts(when["requesters"]).join(", "),
    confidenceBelow: typed(when["confidence_below"]),
    confidenceAtLeast: typed(when["confidence_at_least"]),
    days: texts(window["days"]),
    from: typed(window["from"]),
    to: typed(window["to"]),
    zone: typed(window["zone"]),
    customerVerified: flag(when["customer_verified"]),
    outsideGuardrails: flag(when["outside_guardrails"]),
    breakGlass: flag(when["break_glass"]),
  };
}

export function ruleOf(draft: RuleDraft): Rule {
  const list = (typed: string) => typed.split(/[,\n]/).map((each) => each.trim()).filter((each) => each !== "");
  const some = <T,>(values: readonly T[]) => (values.length === 0 ? undefined : values);
  const said = (value: string) => (value.trim() === "" ? undefined : value.trim());
  const amount = said(draft.amountOver) ?? said(draft.amountUpTo) ?? said(draft.currency);
  const window = some(draft.days) ?? said(draft.from) ?? said(draft.to);
  const share = (typed: string) => (typed.trim() === "" ? undefined : Number.isNaN(Number(typed)) ? typed : Number(typed));
  const flag = (value: string) => (value === "" ? undefined : value === "true");
  return {
    name: draft.name.trim(),
    when: present({
      action_types: some(list(draft.actionTypes)),
      categories: some(draft.categories),
      amount: amount === undefined ? undefined : present({ over: said(draft.amountOver), up_to: said(draft.amountUpTo), currency: said(draft.currency) }),
      targets: some(list(draft.targets)),
      environments: some(list(draft.environments)),
      personas: some(list(draft.personas)),
      requesters: some(list(draft.requesters)),
      confidence_below: share(draft.confidenceBelow),
      confidence_at_least: share(draft.confidenceAtLeast),
      time_window: window === undefined ? undefined : present({ days: some(draft.days), from: said(draft.from), to: said(draft.to), zone: said(draft.zone) }),
      customer_verified: flag(draft.customerVerified),
      outside_guardrails: flag(draft.outsideGuardrails),
      break_glass: flag(draft.breakGlass),
    }),
    then: present({
      decision: draft.decision,
      approvers: draft.decision === "approve" ? { count: share(draft.approvers) ?? 1, roles: draft.roles } : undefined,
      reason: said(draft.reason),
      expires_after: draft.decision === "approve" ? said(draft.expiresAfter) : undefined,
      remind_after: draft.decision === "approve" ? said(draft.remindAfter) : undefined,
      escalate:
        draft.decision === "approve" && said(draft.escalateAfter) !== undefined ? { after: draft.escalateAfter.trim(), to_roles: draft.escalateTo } : undefined,
    }),
  };
}

/** As the API takes it: a rule without conditions has no `when`. */
export function bodyOf(rules: readonly Rule[]) {
  return { rules: rules.map(({ name, when, then }) => (Object.keys(when).length === 0 ? { name, then } : { name, when, then })) };
}

function present(fields: Record<string, unknown>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
