import { instant, words } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";

/** A ticket as this page shows it. */
export interface Ticket {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly subject: string | null;
  readonly channel: string | null;
  readonly priority: string | null;
  readonly category: string | null;
  /** How sure the agent is of the category, 0 to 1. */
  readonly confidence: number | null;
  readonly language: string | null;
  readonly sentiment: string | null;
  readonly assignee: string | null;
  readonly tags: readonly string[];
  readonly customer: { readonly id: string; readonly email: string; readonly verified: boolean } | null;
  readonly externalId: string | null;
  readonly mergedInto: string | null;
  readonly reopenedFrom: string | null;
  readonly merged: readonly string[];
  readonly continuedIn: readonly string[];
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly resolvedAt: number | null;
  readonly messages: readonly Message[];
  readonly timeline: readonly Entry[];
  /** Whether files of the ticket can go out with a reply. */
  readonly sendsFiles: boolean;
}

export interface Message {
  readonly id: string;
  readonly direction: "inbound" | "outbound" | "note";
  readonly text: string;
  readonly state: string;
  readonly at: number | null;
  /** Of ours who wrote it; null where the customer or the agent did. */
  readonly author: string | null;
  /** False where it is not proven that the customer wrote it. */
  readonly verified: boolean | null;
  /** The ticket it was said on, if that one was merged into this one. */
  readonly saidOn: string | null;
  readonly hasHtml: boolean;
  /** Ids of files that went out with it. */
  readonly files: readonly string[];
}

/** A line of the timeline. */
export interface Entry {
  readonly seq: number;
  readonly event: string;
  readonly at: number | null;
  readonly actor: string;
  readonly summary: string;
  readonly messageId: string | null;
  readonly data: JsonObject;
}

/** A file of a message. */
export interface TicketFile {
  readonly id: string;
  readonly messageId: string | null;
  readonly name: string;
  readonly type: string;
  /** In bytes. */
  readonly size: number;
}

/** The address of a ticket in the API. */
export function ticketPath(id: string): `/api/v1/tickets/${string}` {
  return `/api/v1/tickets/${encodeURIComponent(id)}`;
}

/** Statuses in which something moves by itself. */
const AT_WORK: ReadonlySet<string> = new Set(["received", "analyzing", "awaiting_approval", "acting"]);

export function isAtWork(status: string): boolean {
  return AT_WORK.has(status);
}

/** The statuses that a person may set; the service decides, this only tells what to offer. */
export function settable(status: string): readonly ("resolved" | "escalated" | "closed")[] {
  switch (status) {
    case "received":
    case "analyzing":
    case "failed":
      return ["resolved", "escalated", "closed"];
    case "resolved":
      return ["escalated", "closed"];
    case "escalated":
      return ["resolved", "closed"];
    default:
      return []; // an action is under way, or it is closed for good
  }
}

export function mayRetry(status: string): boolean {
  return status === "failed" || status === "escalated";
}

export function mayMerge({ status, mergedInto }: Ticket): boolean {
  return mergedInto === null && (status === "closed" || settable(status).includes("closed"));
}

/** @returns null where what came is no ticket */
export function ticketOf(body: unknown): Ticket | null {
  const id = isObject(body) ? text(body["ticket_id"]) : null;
  if (!isObject(body) || id === null) {
    return null;
  }
  const said = objects(body["messages"]);
  return {
    id,
    version: number(body["version"]) ?? 0,
    status: text(body["status"]) ?? "unknown",
    subject: text(body["subject"]),
    channel: text(body["channel"]),
    priority: text(body["priority"]),
    category: text(body["category"]),
    confidence: number(body["confidence"]),
    language: text(body["language"]),
    sentiment: text(body["sentiment"]),
    assignee: text(body["assignee"]),
    tags: strings(body["tags"]),
    customer: senderOf(body["customer"]),
    externalId: text(body["external_id"]),
    mergedInto: text(body["merged_into"]),
    reopenedFrom: text(body["reopened_from"]),
    merged: strings(body["merged"]),
    continuedIn: strings(body["continued_in"]),
    createdAt: time(body["created_at"]),
    updatedAt: time(body["updated_at"]),
    resolvedAt: time(body["resolved_at"]),
    messages: said.flatMap((message) => messageOf(message) ?? []),
    timeline: objects(body["timeline"]).flatMap((entry) => entryOf(entry) ?? []),
    sendsFiles: said.some((message) => Array.isArray(message["attachments"])),
  };
}

export function messageOf(item: JsonObject): Message | null {
  const id = text(item["message_id"]);
  const direction = item["direction"];
  if (id === null || (direction !== "inbound" && direction !== "outbound" && direction !== "note")) {
    return null;
  }
  const verified = item["sender_verified"];
  return {
    id,
    direction,
    text: text(item["text"]) ?? "",
    state: text(item["state"]) ?? "unknown",
    at: time(item["created_at"]),
    author: text(item["author"]),
    verified: typeof verified === "boolean" ? verified : null,
    saidOn: text(item["ticket_id"]),
    hasHtml: item["has_html"] === true,
    files: strings(item["attachments"]),
  };
}

export function entryOf(item: JsonObject): Entry | null {
  const seq = number(item["seq"]);
  const data = item["data"];
  return seq === null
    ? null
    : {
        seq,
        event: text(item["event"]) ?? "event",
        at: time(item["at"]),
        actor: text(item["actor"]) ?? "",
        summary: text(item["summary"]) ?? "",
        messageId: text(item["message_id"]),
        data: isObject(data) ? data : {},
      };
}

export function fileOf(item: JsonObject): TicketFile | null {
  const id = text(item["file_id"]);
  return id === null
    ? null
    : {
        id,
        messageId: text(item["message_id"]),
        name: text(item["file_name"]) ?? "file",
        type: text(item["media_type"]) ?? "",
        size: number(item["size"]) ?? 0,
      };
}

/** As people write it. */
export function channelName(channel: string): string {
  return channel === "api" ? "API" : words(channel);
}

/** Who it was, as people say it. */
export function nameOf(actor: string): string {
  const [kind, ...rest] = actor.split(":");
  const name = rest.join(":");
  if (name === "") {
    return actor;
  }
  if (kind === "service") {
    return name === "agent-service" ? "AI agent" : "OpsRelay";
  }
  return name;
}

/** `1.4 MB`; the units of a thousand that file managers show. */
export function bytes(size: number): string {
  if (size < 1_000) {
    return `${size} B`;
  }
  const units = ["kB", "MB", "GB"];
  let value = size;
  let unit = -1;
  do {
    value /= 1_000;
    unit++;
  } while (value >= 999.5 && unit < units.length - 1);
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit] ?? ""}`;
}

export function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isObject) : [];
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? (value as unknown[]).filter((each) => typeof each === "string") : [];
}

function time(value: unknown): number | null {
  return instant(text(value));
}

function senderOf(value: unknown): Ticket["customer"] {
  const id = isObject(value) ? text(value["customer_id"]) : null;
  return isObject(value) && id !== null
    ? { id, email: text(value["email"]) ?? "", verified: value["verified"] === true }
    : null;
}
