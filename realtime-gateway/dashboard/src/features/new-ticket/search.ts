import { compact, textParam } from "../../lib/search";

/** Whom the ticket is of, where one comes from a customer's page. */
export function newTicketSearch(raw: Record<string, unknown>) {
  return compact({ customer_email: textParam(raw["customer_email"], 254) });
}
