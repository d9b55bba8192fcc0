import { words } from "../../lib/format";
import { text, type JsonObject } from "../../lib/json";
import type { Tone } from "../../ui/Badge";

/** What an event is about. */
export interface Entity {
  readonly kind: "ticket" | "approval" | "action";
  readonly id: string;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Set for states, which are shown as badges. */
  readonly tone?: Tone;
}

// Maps and not objects: a name from outside must not find what objects inherit.
const ENTITIES: ReadonlyMap<string, Entity["kind"]> = new Map([
  ["tickets", "ticket"],
  ["approvals", "approval"],
  ["actions", "action"],
]);

/** The entity that a channel's event or list item is about, or null if it does not say. */
export function entityOf(channel: string, key: string | null, data: JsonObject): Entity | null {
  const kind = ENTITIES.get(channel);
  if (kind === undefined) {
    return null;
  }
  const id = text(data[`${kind}_id`]) ?? key;
  return id === null ? null : { kind, id };
}

/** The ticket that it belongs to, itself or by its approval or action, or null if it does not say. */
export function ticketOf(channel: string, key: string | null, data: JsonObject): string | null {
  const entity = entityOf(channel, key, data);
  return entity?.kind === "ticket" ? entity.id : entity === null ? null : text(data["ticket_id"]);
}

const TONES: ReadonlyMap<string, Tone> = new Map<string, Tone>([
  ["resolved", "good"],
  ["succeeded", "good"],
  ["approved", "good"],
  ["awaiting_approval", "warn"],
  ["pending", "warn"],
  ["escalated", "warn"],
  ["expired", "warn"],
  ["unknown", "warn"],
  ["failed", "bad"],
  ["rejected", "bad"],
  ["cancelled", "bad"],
]);

export function toneOf(status: string): Tone {
  return TONES.get(status) ?? "neutral";
}

/** The facts worth a place in one line, the most telling first. Every member of `data` may be missing or of any type. */
export function factsOf(data: JsonObject): Fact[] {
  const facts: Fact[] = [];
  const add = (label: string, value: string | null) => {
    if (value !== null) {
      facts.push({ label, value });
    }
  };
  const status = text(data["status"]);
  if (status !== null) {
    facts.push({ label: "status", value: words(status), tone: toneOf(status) });
  }
  add("amount", amountOf(data));
  add("action type", named(data["action_type"]));
  add("category", named(data["category"]));
  add("confidence", percent(data["confidence"]));
  add("language", text(data["language"]));
  add("step", named(data["step"]));
  add("effect", text(data["effect"]));
  add("detail", text(data["detail"]));
  add("reason", text(data["reason"]));
  add("summary", text(data["summary"]));
  add("subject", text(data["subject"]));
  add("rule", text(data["rule"]));
  return facts;
}

/** Money with its currency. An amount without currency is shown as it is: guessing one would be worse. */
function amountOf(data: JsonObject): string | null {
  const amount = typeof data["amount"] === "number" ? String(data["amount"]) : text(data["amount"]);
  const currency = text(data["currency"]);
  return amount === null || currency === null ? amount : `${amount} ${currency}`;
}

function named(value: unknown): string | null {
  const name = text(value);
  return name === null ? null : words(name);
}

function percent(value: unknown): string | null {
  const share = typeof value === "string" ? Number.parseFloat(value) : value;
  return typeof share === "number" && share >= 0 && share <= 1 ? `${Math.round(share * 100)} %` : null;
}
