import { instant } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";
import type { Option } from "../../ui/Field";
import { number, objects, strings } from "./ticket";

/** An action that waits for people. */
export interface Approval {
  readonly id: string;
  readonly actionType: string;
  /** Exactly what would be executed. */
  readonly arguments: JsonObject;
  /** What executing it would do, computed by OpsRelay and not worded by a model. */
  readonly effect: string | null;
  readonly money: string | null;
  readonly details: JsonObject;
  readonly requester: string;
  /** Texts that whoever asked wrote into the arguments: claims, which a model may have written. */
  readonly claims: JsonObject;
  readonly rule: string;
  readonly ruleInWords: string | null;
  readonly risk: string | null;
  readonly isReversible: boolean | null;
  readonly votes: readonly { readonly by: string; readonly reason: string | null }[];
  readonly votesNeeded: number;
  readonly roles: readonly string[];
  /** Who may not approve it, as `user:<name>`. */
  readonly barred: readonly string[];
  readonly claimedBy: string | null;
  readonly claimedUntil: number | null;
  readonly createdAt: number | null;
  readonly expiresAt: number | null;
}

export function approvalOf(item: JsonObject): Approval | null {
  const id = text(item["approval_id"]);
  if (id === null) {
    return null; // nothing could be decided about it
  }
  const effect = isObject(item["effect"]) ? item["effect"] : {};
  const money = isObject(effect["money"]) ? effect["money"] : {};
  const facts = isObject(item["facts"]) ? item["facts"] : {};
  const amount = text(money["amount"]);
  return {
    id,
    actionType: text(item["action_type"]) ?? "action",
    arguments: isObject(item["arguments"]) ? item["arguments"] : {},
    effect: text(effect["summary"]),
    money: amount === null ? null : `${amount} ${text(money["currency"]) ?? ""}`.trim(),
    details: isObject(effect["details"]) ? effect["details"] : {},
    requester: text(item["requester"]) ?? "",
    claims: isObject(item["said_by_requester"]) ? item["said_by_requester"] : {},
    rule: text(item["rule"]) ?? "",
    ruleInWords: text(item["rule_in_words"]),
    risk: text(facts["risk"]),
    isReversible: typeof facts["reversible"] === "boolean" ? facts["reversible"] : null,
    votes: objects(item["votes"]).map((vote) => ({ by: text(vote["by"]) ?? "", reason: text(vote["reason"]) })),
    votesNeeded: number(item["votes_needed"]) ?? 1,
    roles: strings(item["may_decide"]),
    barred: strings(item["barred"]),
    claimedBy: text(item["claimed_by"]),
    claimedUntil: instant(text(item["claimed_until"])),
    createdAt: instant(text(item["created_at"])),
    expiresAt: instant(text(item["expires_at"])),
  };
}

/** An argument that a person may change before approving. */
export interface Editable {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly isNumber: boolean;
}

/** None where this kind of action cannot be edited. */
export function editablesOf({ actionType, arguments: given }: Approval): readonly Editable[] {
  const names =
    actionType === "refund"
      ? REFUND
      : actionType.startsWith("scale")
        ? SCALE.filter(({ value }) => given[value] !== undefined)
        : [];
  return names.map(({ value: name, label }) => ({
    name,
    label,
    value: given[name] === undefined || given[name] === null ? "" : String(given[name]),
    isNumber: name.endsWith("replicas"),
  }));
}

const REFUND: readonly Option[] = [
  { value: "amount", label: "Amount" },
  { value: "order_id", label: "Order" },
  { value: "reason", label: "Reason of the refund" },
];
const SCALE: readonly Option[] = [
  { value: "replicas", label: "Replicas" },
  { value: "min_replicas", label: "Least replicas" },
  { value: "max_replicas", label: "Most replicas" },
];

/** What was changed, typed as it was before. */
export function changesOf(editables: readonly Editable[], typed: ReadonlyMap<string, string>): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const { name, value, isNumber } of editables) {
    const now = typed.get(name)?.trim() ?? value;
    if (now !== value && now !== "") {
      changed[name] = isNumber && /^\d+$/.test(now) ? Number(now) : now;
    }
  }
  return changed;
}
