import { instant } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";

export interface Identity {
  readonly type: string;
  readonly source: string | null;
  readonly value: string;
  readonly primary: boolean;
  readonly createdAt: number | null;
}

export interface RecentTicket {
  readonly id: string;
  readonly subject: string;
  readonly status: string;
  readonly channel: string;
  readonly createdAt: number | null;
}

export interface Customer {
  /** After a merger another one than was asked for. */
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly blocked: boolean;
  readonly block: { readonly at: number | null; readonly by: string; readonly reason: string } | null;
  readonly erasedAt: number | null;
  readonly createdAt: number | null;
  readonly identities: readonly Identity[];
  readonly notesCount: number;
  readonly ticketsCount: number;
  readonly byStatus: readonly (readonly [status: string, count: number])[];
  readonly recent: readonly RecentTicket[];
  /** The version that a change is made from. */
  readonly etag: string | null;
}

export interface Note {
  readonly id: string;
  readonly text: string;
  readonly author: string;
  readonly createdAt: number | null;
}

export function customerOf(body: unknown, etag: string | null): Customer | null {
  const id = isObject(body) ? text(body["customer_id"]) : null;
  if (!isObject(body) || id === null) {
    return null;
  }
  const block = body["block"];
  const tickets = body["tickets"];
  return {
    id,
    email: text(body["email"]) ?? "",
    name: text(body["name"]),
    blocked: body["blocked"] === true,
    block: isObject(block)
      ? { at: instant(text(block["at"])), by: person(text(block["by"])), reason: text(block["reason"]) ?? "" }
      : null,
    erasedAt: instant(text(body["erased_at"])),
    createdAt: instant(text(body["created_at"])),
    identities: objects(body["identities"]).flatMap((each) => {
      const value = text(each["value"]);
      return value === null
        ? []
        : [
            {
              type: text(each["type"]) ?? "",
              source: text(each["source"]),
              value,
              primary: each["primary"] === true,
              createdAt: instant(text(each["created_at"])),
            },
          ];
    }),
    notesCount: count(body["notes_count"]),
    ticketsCount: count(body["tickets_count"]),
    byStatus: isObject(tickets) ? Object.entries(tickets).map(([status, value]) => [status, count(value)] as const) : [],
    recent: objects(body["recent_tickets"]).flatMap((each) => {
      const ticket = text(each["ticket_id"]);
      return ticket === null
        ? []
        : [
            {
              id: ticket,
              subject: text(each["subject"]) ?? "(no subject)",
              status: text(each["status"]) ?? "unknown",
              channel: text(each["channel"]) ?? "",
              createdAt: instant(text(each["created_at"])),
            },
          ];
    }),
    etag,
  };
}

export function noteOf(item: JsonObject): Note | null {
  const id = text(item["note_id"]);
  return id === null
    ? null
    : {
        id,
        text: text(item["text"]) ?? "",
        author: person(text(item["author"])),
        createdAt: instant(text(item["created_at"])),
      };
}

/** `user:agent@acme.example` is shown without what it is. */
function person(actor: string | null): string {
  return actor?.replace(/^user:/, "") ?? "somebody";
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isObject) : [];
}

function count(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
