import { instant } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";
import { number, texts } from "../../lib/values";

export interface TicketRow {
  readonly id: string;
  readonly subject: string;
  readonly status: string;
  readonly channel: string;
  readonly priority: string | null;
  readonly category: string | null;
  readonly confidence: number | null;
  readonly language: string | null;
  readonly sentiment: string | null;
  readonly customer: string | null;
  readonly assignee: string | null;
  readonly tags: readonly string[];
  readonly externalId: string | null;
  /** Counts the ticket's changes; sent back with each change that was made from it. */
  readonly version: number | null;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly resolvedAt: number | null;
}

export function ticketOf(item: JsonObject): TicketRow | null {
  const id = text(item["ticket_id"]);
  if (id === null) {
    return null;
  }
  const customer = item["customer"];
  return {
    id,
    subject: text(item["subject"]) ?? "(no subject)",
    status: text(item["status"]) ?? "unknown",
    channel: text(item["channel"]) ?? "",
    priority: text(item["priority"]),
    category: text(item["category"]),
    confidence: number(item["confidence"]),
    language: text(item["language"]),
    sentiment: text(item["sentiment"]),
    customer: isObject(customer) ? text(customer["email"]) : null,
    assignee: text(item["assignee"]),
    tags: texts(item["tags"]),
    externalId: text(item["external_id"]),
    version: number(item["version"]),
    createdAt: instant(text(item["created_at"])),
    updatedAt: instant(text(item["updated_at"])),
    resolvedAt: instant(text(item["resolved_at"])),
  };
}

/** What an event says about a ticket that is in the list already. */
export type Patch = JsonObject;

/** The members of an event that a row shows; none where it says nothing about them. */
export function patchOf(data: JsonObject, type = ""): Patch {
  const patch: Record<string, unknown> = {};
  if (type === "ticket_assigned" || type === "ticket_unassigned") {
    patch["assignee"] = text(data["assignee"]);
  }
  if (type === "ticket_tagged") {
    patch["tags"] = texts(data["tags"]);
  }
  for (const name of ["status", "priority", "category"]) {
    const value = text(data[name]);
    if (value !== null) {
      patch[name] = value;
    }
  }
  const version = number(data["version"]);
  return version === null ? patch : { ...patch, version };
}

export interface TicketPage {
  readonly items: readonly JsonObject[];
  readonly next: string | null;
}

/** The most rows that the first page grows to by what comes in before it. */
export const MOST_IN_FIRST = 1_000;

/**
 * The pages of a list, with its first one read anew: without those of the old first page that would stand among the new ones
 * and do not any more, and with what events said about the others. Null where the new page does not reach the old one, so
 * that tickets between them would be missing: everything has to be read again. Where it has grown to `MOST_IN_FIRST`
 * the list is the new page alone: what stands behind that is read again when somebody scrolls there.
 */
export function withHead(
  pages: readonly TicketPage[],
  head: TicketPage,
  patches: ReadonlyMap<string, Patch>,
): readonly TicketPage[] | null {
  const [first, ...rest] = pages;
  if (first === undefined || head.next === null) {
    return [head];
  }
  const fresh = new Set(head.items.map(idOf));
  const lastCommon = first.items.findLastIndex((item) => fresh.has(idOf(item)));
  if (lastCommon < 0) {
    return null;
  }
  const patched = (items: readonly JsonObject[]) =>
    items
      .filter((item) => !fresh.has(idOf(item)))
      .map((item) => {
        const patch = patches.get(idOf(item));
        return patch === undefined ? item : { ...item, ...patch };
      });
  const items = [...head.items, ...patched(first.items.slice(lastCommon + 1))];
  if (items.length > MOST_IN_FIRST) {
    return [head];
  }
  // The old page's cursor: the rows behind the new page's end are still in it.
  return [
    { items, next: first.next },
    ...rest.map((page) => ({ items: patched(page.items), next: page.next })),
  ];
}

function idOf(item: JsonObject): string {
  return text(item["ticket_id"]) ?? "";
}
