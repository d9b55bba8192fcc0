import { instant } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";
import { read } from "../../lib/useView";
import { listOf, number, texts } from "../../lib/values";
import { versioned } from "./form";
import type { Tool } from "./tools";

/** As it is typed: numbers are texts until they are sent. */
export interface WorkflowDraft {
  readonly mode: string;
  readonly engine: string;
  readonly classification: string;
  readonly tools: readonly string[];
  readonly routing: readonly { readonly categories: string; readonly to: string }[];
  readonly leastConfidence: string;
  readonly leastConfidenceToAnswer: string;
  readonly maxSteps: string;
  readonly maxTokens: string;
  readonly maxSeconds: string;
  readonly maxCost: string;
  readonly dailyBudget: string;
}

export interface WorkflowState {
  readonly draft: WorkflowDraft;
  readonly version: number;
  readonly changedBy: string | null;
  readonly changedAt: number | null;
}

/** As any address: what is typed is sent as it is typed, and the service says what is wrong with it. */
export const WORKFLOW_PATH: string = "/api/v1/agent/workflow";
export const WORKFLOW_KEY = ["settings", "workflow"] as const;
/** They always may be used, and no workflow can take them away. */
export const ALWAYS: ReadonlySet<string> = new Set(["reply_to_customer", "escalate_to_human"]);
export const readWorkflow = read(WORKFLOW_PATH, versioned(stateOf));

function stateOf(body: unknown): WorkflowState {
  const data = isObject(body) ? body : {};
  const part = (name: string): JsonObject => (isObject(data[name]) ? data[name] : {});
  const typed = (value: unknown) => String(number(value) ?? "");
  const limits = part("limits");
  const routing = Array.isArray(data["routing"]) ? data["routing"].filter(isObject) : [];
  return {
    draft: {
      mode: text(data["mode"]) ?? "pipeline",
      engine: text(data["engine"]) ?? "local",
      classification: text(data["classification"]) ?? "local",
      tools: texts(data["tools"]),
      routing: routing.map((rule) => ({ categories: texts(rule["categories"]).join(", "), to: text(rule["to"]) ?? "person" })),
      leastConfidence: typed(part("thresholds")["least_confidence"]),
      leastConfidenceToAnswer: typed(part("thresholds")["least_confidence_to_answer"]),
      maxSteps: typed(limits["max_steps"]),
      maxTokens: typed(limits["max_tokens"]),
      maxSeconds: typed(limits["max_seconds"]),
      maxCost: typed(limits["max_cost_usd"]),
      dailyBudget: typed(limits["daily_budget_usd"]),
    },
    version: number(data["version"]) ?? 0,
    changedBy: text(data["changed_by"]),
    changedAt: instant(text(data["changed_at"])),
  };
}

/** @param known the tools that a workflow may name */
export function workflowBody(draft: WorkflowDraft, known: readonly Tool[]) {
  const hasAll = known.length > 0 && known.every(({ name }) => draft.tools.includes(name));
  return {
    mode: draft.mode,
    engine: draft.engine.trim(),
    classification: draft.classification,
    // None named is all, also those that come later.
    ...(hasAll ? {} : { tools: draft.tools }),
    routing: draft.routing.map(({ categories, to }) => ({ categories: listOf(categories), to })),
    thresholds: {
      least_confidence: numberOf(draft.leastConfidence),
      least_confidence_to_answer: numberOf(draft.leastConfidenceToAnswer),
    },
    limits: {
      max_steps: numberOf(draft.maxSteps),
      max_tokens: numberOf(draft.maxTokens),
      max_seconds: numberOf(draft.maxSeconds),
      max_cost_usd: numberOf(draft.maxCost),
      daily_budget_usd: numberOf(draft.dailyBudget),
    },
  };
}

/** Empty means the default. What is no number is sent as it is, so that the service says what is wrong with which field. */
function numberOf(typed: string): number | string | undefined {
  const trimmed = typed.trim().replaceAll(/[\s_]/g, "");
  const value = Number(trimmed);
  return trimmed === "" ? undefined : Number.isFinite(value) ? value : typed;
}
