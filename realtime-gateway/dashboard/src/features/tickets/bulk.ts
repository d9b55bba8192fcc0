import type { Api } from "../../lib/api";
import { isObject } from "../../lib/json";
import { messageOf } from "../../lib/problem";
import type { TicketRow } from "./tickets";

/** What can be done to several tickets; each is a request per ticket to the endpoint of that name. */
export type BulkAction =
  | { readonly kind: "status"; readonly status: string; readonly reason: string }
  | { readonly kind: "priority"; readonly priority: string }
  | { readonly kind: "assignee"; readonly assignee: string | null }
  | { readonly kind: "tags"; readonly add: readonly string[]; readonly remove: readonly string[] }
  | { readonly kind: "merge"; readonly into: string; readonly reason: string }
  | { readonly kind: "retry"; readonly reason: string };
export type BulkKind = BulkAction["kind"];

export interface BulkOutcome {
  readonly ticket: TicketRow;
  /** Null if it was done. */
  readonly failure: string | null;
}

/** At the same time; enough to be quick, few enough not to be in anybody's way. */
const AT_ONCE = 3;

const SETTABLE: ReadonlyMap<string, readonly string[]> = new Map([
  ["received", ["resolved", "escalated", "closed"]],
  ["analyzing", ["resolved", "escalated", "closed"]],
  ["failed", ["resolved", "escalated", "closed"]],
  ["resolved", ["escalated", "closed"]],
  ["escalated", ["resolved", "closed"]],
]);

/** Whether the ticket's status allows it, as far as this page knows; the service decides. */
export function isPossible(action: BulkAction, { id, status }: TicketRow): boolean {
  switch (action.kind) {
    case "status":
      return SETTABLE.get(status)?.includes(action.status) ?? false;
    case "retry":
      return status === "failed" || status === "escalated";
    case "merge":
      return id !== action.into && status !== "awaiting_approval" && status !== "acting";
    default:
      return true;
  }
}

/**
 * Does it to each of the tickets, a few at a time, and tells each outcome as it comes. What has been begun is ended after
 * `stop`, the rest is left alone.
 */
export async function runBulk(
  api: Api,
  action: BulkAction,
  tickets: readonly TicketRow[],
  stop: AbortSignal,
  onOutcome: (outcome: BulkOutcome) => void,
): Promise<void> {
  const waiting = [...tickets];
  const work = async () => {
    for (let ticket = waiting.shift(); ticket !== undefined && !stop.aborted; ticket = waiting.shift()) {
      try {
        await apply(api, action, ticket);
        onOutcome({ ticket, failure: null });
      } catch (reason) {
        onOutcome({ ticket, failure: messageOf(reason) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function apply(api: Api, action: BulkAction, { id, version }: TicketRow): Promise<void> {
  const path = `/api/v1/tickets/${encodeURIComponent(id)}`;
  // What was decided on an older state is refused. Where the last one may win (an assignee, a priority, tags) it does.
  const seen = version === null ? {} : { ifMatch: `"${version}"` };
  const because = (reason: string) => (reason === "" ? {} : { reason });
  switch (action.kind) {
    case "status":
      await api.post(`${path}/status`, { status: action.status, ...because(action.reason) }, seen);
      return;
    case "priority":
      await api.put(`${path}/priority`, { priority: action.priority });
      return;
    case "assignee":
      await api.put(`${path}/assignee`, { assignee: action.assignee });
      return;
    case "tags":
      await changeTags(api, path, action.add, action.remove);
      return;
    case "merge":
      await api.post(`${path}/merge`, { into: action.into, ...because(action.reason) }, seen);
      return;
    case "retry":
      await api.post(`${path}/retry`, because(action.reason), seen);
      return;
  }
}

/** The endpoint replaces all tags, and lists do not carry them: they are read, and nobody's change in between is lost. */
async function changeTags(api: Api, path: string, add: readonly string[], remove: readonly string[]): Promise<void> {
  const { body } = await api.get(path);
  const ticket = isObject(body) ? body : {};
  const now = Array.isArray(ticket["tags"]) ? (ticket["tags"] as unknown[]).filter((tag) => typeof tag === "string") : [];
  const tags = [...new Set([...now.filter((tag) => !remove.includes(tag)), ...add])];
  if (tags.length === now.length && tags.every((tag) => now.includes(tag))) {
    return;
  }
  const version = ticket["version"];
  await api.put(`${path}/tags`, { tags }, typeof version === "number" ? { ifMatch: `"${version}"` } : {});
}

/** "vip, Late delivery" as tags. */
export function tagsOf(typed: string): readonly string[] {
  return [...new Set(typed.split(",").flatMap((tag) => (tag.trim() === "" ? [] : [tag.trim().toLowerCase()])))];
}
