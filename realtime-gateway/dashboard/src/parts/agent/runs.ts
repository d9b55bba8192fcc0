import { queryOptions } from "@tanstack/react-query";
import type { Api } from "../../lib/api";
import { instant } from "../../lib/format";
import { isObject, itemsOf, text, type JsonObject } from "../../lib/json";

/** One pass of the agent over a ticket. */
export interface Run {
  readonly id: string;
  readonly status: string;
  /** `local`, or the name of a model. */
  readonly engine: string;
  readonly category: string | null;
  readonly language: string | null;
  readonly steps: readonly Step[];
  /** What the model used; null for a run without one. */
  readonly usage: Usage | null;
  readonly startedAt: number | null;
}

export interface Step {
  readonly at: number | null;
  readonly name: string;
  readonly detail: string;
}

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In US dollars. */
  readonly cost: number;
}

/** What was said between OpsRelay and a model. */
export interface Transcript {
  readonly messages: readonly Message[];
  /** The passages of the knowledge base that a reply rests on. */
  readonly cited: readonly Passage[];
}

export interface Message {
  readonly role: string;
  readonly text: string | null;
  /** Of a result: whose it is. */
  readonly tool: string | null;
  readonly calls: readonly Call[];
}

export interface Call {
  readonly id: string;
  readonly tool: string;
  /** As the model wrote them, which need not be JSON. */
  readonly arguments: string;
}

export interface Passage {
  readonly id: string;
  readonly title: string | null;
}

/** Between two readings while a run is under way, in milliseconds. */
const AT_WORK_MS = 3_000;
/** While it waits for a person, who takes minutes at least. */
const PARKED_MS = 30_000;
/** While there is none. */
const NONE_YET_MS = 10_000;
/** After that there will be none by itself: the ticket may be older than the agent, or not for it. */
const NONE_YET_FOR_MS = 5 * 60_000;

/** How long a transcript that is not shown is kept, in milliseconds. */
const GONE_AFTER_MS = 5_000;

const ENDS: ReadonlySet<string> = new Set(["resolved", "escalated", "failed"]);

/**
 * The newest first.
 *
 * @param since when somebody began to look
 */
export function runsOf(api: Api, ticketId: string, since: number) {
  return queryOptions({
    queryKey: ["agent", "runs", ticketId] as const,
    queryFn: async ({ signal }): Promise<readonly Run[]> => {
      const { body } = await api.get(`/api/v1/agent/runs?ticket_id=${encodeURIComponent(ticketId)}`, signal);
      return itemsOf(body).flatMap(runOf);
    },
    refetchInterval: ({ state }) => paceOf(state.data ?? null, Date.now() - since),
  });
}

/** In how many milliseconds there may be something new, or false if there will be nothing. */
function paceOf(runs: readonly Run[] | null, lookedFor: number): number | false {
  if (runs === null) {
    return false;
  }
  if (runs.length === 0) {
    return lookedFor < NONE_YET_FOR_MS ? NONE_YET_MS : false;
  }
  const underWay = runs.filter((run) => !isOver(run));
  if (underWay.length === 0) {
    return false;
  }
  return underWay.every((run) => run.status === "parked") ? PARKED_MS : AT_WORK_MS;
}

/** @param progress changes whenever there may be more to read */
export function transcriptOf(api: Api, runId: string, progress: number) {
  return queryOptions({
    queryKey: ["agent", "transcript", runId, progress] as const,
    queryFn: async ({ signal }): Promise<Transcript> => {
      const { body } = await api.get(`/api/v1/agent/runs/${encodeURIComponent(runId)}/transcript`, signal);
      const messages = objectsOf(isObject(body) ? body["messages"] : null).map(messageOf);
      return { messages, cited: citedIn(messages) };
    },
    placeholderData: (before) => before,
    // Each step has one of its own that holds all before it: what is no longer shown is let go soon.
    gcTime: GONE_AFTER_MS,
  });
}

export function isOver(run: Run): boolean {
  return ENDS.has(run.status);
}

/** What the first step of that name says, or null if there is none. */
export function told(run: Run, step: string): string | null {
  return run.steps.find(({ name }) => name === step)?.detail ?? null;
}

function runOf(item: JsonObject): Run[] {
  const id = text(item["run_id"]);
  if (id === null) {
    return []; // nothing of it could be asked for
  }
  const usage = item["usage"];
  return [
    {
      id,
      status: text(item["status"]) ?? "unknown",
      engine: text(item["engine"]) ?? "unknown",
      category: text(item["category"]),
      language: text(item["language"]),
      steps: objectsOf(item["steps"]).map((step) => ({
        at: instant(text(step["at"])),
        name: text(step["step"]) ?? "step",
        detail: text(step["detail"]) ?? "",
      })),
      usage: isObject(usage)
        ? {
            inputTokens: count(usage["input_tokens"]),
            outputTokens: count(usage["output_tokens"]),
            cost: count(usage["cost_micros"]) / 1_000_000,
          }
        : null,
      startedAt: instant(text(item["created_at"])),
    },
  ];
}

function messageOf(item: JsonObject): Message {
  return {
    role: text(item["role"]) ?? "other",
    text: text(item["text"]),
    tool: text(item["tool"]),
    calls: objectsOf(item["calls"]).map((call) => ({
      id: text(call["id"]) ?? "",
      tool: text(call["tool"]) ?? "unknown tool",
      arguments: text(call["arguments"]) ?? "",
    })),
  };
}

/** Of the last reply. Titles stand where OpsRelay told the passages: never in what a customer wrote. */
function citedIn(messages: readonly Message[]): Passage[] {
  const reply = messages
    .flatMap(({ calls }) => calls)
    .filter(({ tool }) => tool === "reply_to_customer")
    .at(-1);
  const named = reply === undefined ? null : text(argumentsOf(reply)["passages"]);
  if (named === null) {
    return [];
  }
  const titles = new Map<string, string>();
  for (const message of messages) {
    const source =
      message.role === "tool" && message.tool === "search_knowledge_base"
        ? message.text
        : message.role === "user"
          ? (/<\/ticket [0-9a-f]+>([^]*)$/.exec(message.text ?? "")?.[1] ?? null)
          : null;
    for (const [, id, title] of (source ?? "").matchAll(/^\[(p\d+)\] (.*)$/gm)) {
      if (id !== undefined && title !== undefined && !titles.has(id)) {
        titles.set(id, title);
      }
    }
  }
  const ids = new Set(named.split(",").map((id) => id.trim()));
  return [...ids].filter((id) => id !== "").map((id) => ({ id, title: titles.get(id) ?? null }));
}

function argumentsOf(call: Call): JsonObject {
  try {
    const parsed: unknown = JSON.parse(call.arguments);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isObject) : [];
}

function count(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : 0;
}
