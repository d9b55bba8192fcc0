import type { DecisionRequest } from "../../api/rest";
import { instant } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";
import type { Person } from "../../lib/session";
import { actorOf } from "../../lib/actors";
import type { Approval } from "./approvals";

export type Choice = NonNullable<DecisionRequest["decision"]>;

export interface Vote {
  readonly by: string;
  readonly reason: string | null;
  readonly at: number | null;
}

export function votesOf({ raw }: Approval): Vote[] {
  const votes = Array.isArray(raw["votes"]) ? (raw["votes"] as unknown[]) : [];
  return votes.filter(isObject).map((vote) => ({
    by: text(vote["by"]) ?? "",
    reason: text(vote["reason"]),
    at: instant(text(vote["at"])),
  }));
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

/** What this person may do about it; the service decides what is allowed. */
export interface May {
  readonly decide: boolean;
  readonly approve: boolean;
  readonly edit: boolean;
  /** Why not, where something is withheld. */
  readonly because: string | null;
}

export function mayDo(approval: Approval, person: Person): May {
  const roles = textsOf(approval.raw["may_decide"]);
  const none = { decide: false, approve: false, edit: false };
  if (!person.roles.some((role) => role === "approver" || role === "sre" || role === "admin")) {
    return { ...none, because: "Approvers, SREs and administrators decide; you can read along." };
  }
  if (roles.length > 0 && !person.roles.some((role) => role === "admin" || roles.includes(role))) {
    return { ...none, because: `This one is decided by: ${roles.join(", ")}.` };
  }
  const me = actorOf(person);
  const edit = editableOf(approval).length > 0;
  if (textsOf(approval.raw["barred"]).includes(me)) {
    return { decide: true, approve: false, edit, because: "You asked for it, or changed it: somebody else must approve it." };
  }
  if (votesOf(approval).some(({ by }) => by === me)) {
    return { decide: true, approve: false, edit, because: "You have approved it. One more person must." };
  }
  return { decide: true, approve: true, edit, because: null };
}

/** An argument that an approver may change. */
export interface Editable {
  readonly name: string;
  readonly label: string;
  readonly kind: "text" | "amount" | "count";
  readonly value: string;
}

const EDITABLE: ReadonlyMap<string, readonly Omit<Editable, "value">[]> = new Map<string, readonly Omit<Editable, "value">[]>([
  [
    "refund",
    [
      { name: "amount", label: "Amount", kind: "amount" },
      { name: "order_id", label: "Order", kind: "text" },
      { name: "reason", label: "Reason in the request", kind: "text" },
    ],
  ],
  [
    "scale_deployment",
    [
      { name: "replicas", label: "Replicas", kind: "count" },
      { name: "min_replicas", label: "Least replicas", kind: "count" },
      { name: "max_replicas", label: "Most replicas", kind: "count" },
      { name: "reason", label: "Reason in the request", kind: "text" },
    ],
  ],
]);

/** Only what the action sets already; the rest cannot be edited. */
export function editableOf({ actionType, raw }: Approval): Editable[] {
  const given = isObject(raw["arguments"]) ? raw["arguments"] : {};
  return (EDITABLE.get(actionType) ?? [])
    .filter(({ name }) => given[name] !== undefined)
    .map((field) => ({ ...field, value: String(given[field.name]) }));
}

/** What was typed, as arguments; only what differs from what stands there. */
export function editOf(fields: readonly Editable[], typed: ReadonlyMap<string, string>): JsonObject {
  const changed = fields.flatMap(({ name, kind, value }): [string, unknown][] => {
    const next = (typed.get(name) ?? value).trim();
    if (next === value) {
      return [];
    }
    return [[name, kind === "count" && /^\d+$/.test(next) ? Number(next) : next]];
  });
  return Object.fromEntries(changed);
}
