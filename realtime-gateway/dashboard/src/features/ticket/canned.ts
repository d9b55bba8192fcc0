import { text, type JsonObject } from "../../lib/json";
import { filledIn, inBraces, openIn } from "../../lib/placeholders";
import type { Writing } from "./ReplyBox";
import type { Ticket } from "./ticket";

export interface CannedReply {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly category: string | null;
  readonly language: string | null;
}

export function cannedOf(item: JsonObject): CannedReply | null {
  const id = text(item["reply_id"]);
  const said = text(item["text"]);
  return id === null || said === null
    ? null
    : { id, name: text(item["name"]) ?? id, text: said, category: text(item["category"]), language: text(item["language"]) };
}

/** Those in which each word that was typed occurs: of the ticket's category and language first, else in their order. */
export function offered(replies: readonly CannedReply[], typed: string, { category, language }: Ticket): readonly CannedReply[] {
  const words = typed.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const rank = (reply: CannedReply) => fit(reply.category, category) * 2 + fit(reply.language, language);
  return replies
    .filter((reply) => {
      const all = `${reply.name} ${reply.category ?? ""} ${reply.text}`.toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .toSorted((a, b) => rank(b) - rank(a));
}

/** 1 where it is meant for this, -1 where for something else. */
function fit(wanted: string | null, is: string | null): number {
  return wanted === null ? 0 : wanted === is ? 1 : -1;
}

/** The text with the reply in the place of what was selected, and what is selected then: its first open place, or its end. */
export function inserted(
  { text: before }: Pick<Writing, "text">,
  [from, to]: readonly [number, number],
  reply: CannedReply,
  ticket: Ticket,
  customerName: string | null,
): { readonly text: string; readonly selection: readonly [number, number] } {
  const filled = filledIn(reply.text, {
    customer_name: customerName,
    customer_email: ticket.customer?.email ?? null,
    ticket_id: ticket.id,
    ticket_subject: ticket.subject,
  });
  const [open] = openIn(reply.text).filter((name) => openIn(filled).includes(name));
  const at = open === undefined ? -1 : filled.indexOf(inBraces(open));
  const end = from + filled.length;
  return {
    text: before.slice(0, from) + filled + before.slice(to),
    selection: at < 0 || open === undefined ? [end, end] : [from + at, from + at + inBraces(open).length],
  };
}
