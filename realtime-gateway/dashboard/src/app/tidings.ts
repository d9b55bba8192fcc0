import type { FeedEvent } from "realtime-client";
import { actorName, actorOf } from "../lib/actors";
import { instant, shortId, words } from "../lib/format";
import { text } from "../lib/json";
import type { Person } from "../lib/session";
import type { Tone } from "../ui/Badge";
import type { ToastMessage } from "../ui/Toast";

/** Something that has happened and concerns the person signed in. */
export interface Tiding {
  readonly kind: "approval" | "ticket" | "action";
  /** The same thing told twice has the same. */
  readonly id: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly tone: Tone;
  /** Where it is seen whole. */
  readonly path: string;
}

/** What was missed while there was no stream, and is older than this in milliseconds, is no news. */
const NEWS_MS = 60_000;

const ENDS: ReadonlyMap<string, readonly [words: string, tone: Tone]> = new Map<string, readonly [string, Tone]>([
  ["action_succeeded", ["done", "good"]],
  ["action_failed", ["failed", "bad"]],
  ["action_unknown", ["may or may not have been done", "warn"]],
  ["action_rejected", ["rejected", "warn"]],
  ["action_expired", ["expired: nobody decided in time", "warn"]],
  ["action_cancelled", ["called off", "neutral"]],
]);
/** Of these whoever said yes is told, too. */
const OF_WHO_DECIDED: ReadonlySet<string> = new Set(["action_failed", "action_unknown"]);

/** Null for what is none of their business, their own doing, or old. `now` is in milliseconds since 1970. */
export function tidingOf(event: FeedEvent, person: Person, now: number): Tiding | null {
  const at = instant(event.time);
  if (event.key === null || (at !== null && now - at > NEWS_MS)) {
    return null;
  }
  switch (event.type) {
    case "approval_requested":
    case "approval_escalated":
      return toDecide(event, event.key, person);
    case "ticket_assigned":
      return assigned(event, event.key, person);
    default:
      return ended(event, event.key, person);
  }
}

function toDecide({ type, data }: FeedEvent, id: string, person: Person): Tiding | null {
  const deciding = data["may_decide"];
  const mayDecide =
    Array.isArray(deciding) && ((deciding.length > 0 && person.roles.includes("admin")) || person.roles.some((role) => deciding.includes(role)));
  return !mayDecide || data["requester"] === actorOf(person)
    ? null
    : {
        kind: "approval",
        id: `${type} ${id}`,
        title: `${words(text(data["action_type"]) ?? "action")} waits for a decision`,
        detail: text(data["effect"]) ?? undefined,
        tone: "warn",
        path: `/approvals?id=${encodeURIComponent(id)}`,
      };
}

function assigned({ data, position }: FeedEvent, id: string, person: Person): Tiding | null {
  const by = text(data["by"]);
  return data["assignee"] !== person.user || by === actorOf(person)
    ? null
    : {
        kind: "ticket",
        id: `assigned ${id} ${position?.offset ?? ""}`,
        title: "A ticket was assigned to you",
        detail: `${shortId(id)}${by === null ? "" : `, by ${actorName(by)}`}`,
        tone: "info",
        path: `/tickets/${encodeURIComponent(id)}`,
      };
}

function ended({ type, data }: FeedEvent, id: string, person: Person): Tiding | null {
  const end = ENDS.get(type);
  const me = actorOf(person);
  const isMine = data["requester"] === me || (OF_WHO_DECIDED.has(type) && data["decided_by"] === me);
  if (end === undefined || !isMine) {
    return null;
  }
  const [how, tone] = end;
  return {
    kind: "action",
    id: `${type} ${id}`,
    title: `${words(text(data["action_type"]) ?? "action")} ${how}`,
    detail: text(data["effect"]) ?? text(data["target"]) ?? undefined,
    tone,
    path: `/operations?id=${encodeURIComponent(id)}`,
  };
}

/** Where all of a kind are seen, and what several of them are called. */
const SEVERAL: Readonly<Record<Tiding["kind"], { readonly path: string; readonly title: (count: number) => string }>> = {
  approval: { path: "/approvals", title: (count) => `${count} new requests wait for a decision` },
  ticket: { path: "/tickets", title: (count) => `${count} tickets were assigned to you` },
  action: { path: "/operations", title: (count) => `${count} of your actions have come to an end` },
};

/** One of a kind in its own words, several by their number. */
export function messagesOf(tidings: readonly Tiding[]): (ToastMessage & { readonly path: string })[] {
  return (Object.keys(SEVERAL) as Tiding["kind"][]).flatMap((kind) => {
    const those = tidings.filter((each) => each.kind === kind);
    const only = those[0];
    if (only === undefined) {
      return [];
    }
    if (those.length === 1) {
      const { id, title, detail, tone, path } = only;
      return [{ key: id, title, tone, path, ...(detail === undefined ? {} : { detail }) }];
    }
    const isBad = those.some(({ tone }) => tone === "bad");
    const { path, title } = SEVERAL[kind];
    const names = [...new Set(those.map((each) => each.title))].slice(0, 3).join("; ");
    return [{ key: kind, title: title(those.length), detail: names, tone: isBad ? ("bad" as const) : only.tone, path }];
  });
}
