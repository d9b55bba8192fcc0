import { isObject, text } from "../../lib/json";
import { queryOf, type TicketsSearch } from "./filters";
import { ticketsSearch } from "./search";

export interface SavedView {
  readonly name: string;
  readonly search: TicketsSearch;
}

/** The most views that one keeps; more are no help in finding them. */
export const KEPT_VIEWS = 12;
export const LONGEST_NAME = 40;

/** What everybody has. */
export function builtInViews(user: string): readonly SavedView[] {
  return [
    { name: "All", search: {} },
    { name: "Open", search: { status: "received,analyzing,awaiting_approval,acting,escalated" } },
    { name: "Needs a person", search: { status: "awaiting_approval,escalated" } },
    { name: "Failed", search: { status: "failed" } },
    { name: "Mine", search: { assignee: user } },
  ];
}

/** The own views as they were stored, without what cannot be read. */
export function readViews(stored: unknown): readonly SavedView[] {
  return (Array.isArray(stored) ? (stored as unknown[]) : [])
    .flatMap((entry) => {
      const name = isObject(entry) ? text(entry["name"]) : null;
      const search = isObject(entry) ? entry["search"] : null;
      return name === null || !isObject(search) ? [] : [{ name: name.slice(0, LONGEST_NAME), search: ticketsSearch(search) }];
    })
    .slice(0, KEPT_VIEWS);
}

export function isSame(a: TicketsSearch, b: TicketsSearch): boolean {
  return queryOf(a) === queryOf(b);
}
