import { instant, words } from "../../lib/format";
import { isObject, itemsOf, text, type JsonObject } from "../../lib/json";
import type { Step } from "../../ui/Progress";
import { effectOf, type Effect } from "../../parts/action/effect";

export interface LogLine {
  readonly step: string;
  readonly at: number | null;
  readonly detail: string | null;
}

/** Something that was asked to be done to the outside world. */
export interface Action {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly target: string | null;
  readonly environment: string | null;
  readonly provider: string | null;
  readonly requester: string;
  readonly editor: string | null;
  readonly decidedBy: string | null;
  readonly approvalId: string | null;
  readonly ticketId: string | null;
  readonly breakGlass: string | null;
  readonly retryOf: string | null;
  readonly undoes: string | null;
  readonly effect: Effect | null;
  readonly failure: { readonly code: string; readonly reason: string } | null;
  readonly arguments: JsonObject;
  readonly result: JsonObject | null;
  readonly log: readonly LogLine[];
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly raw: JsonObject;
}

export function actionOf(item: unknown): Action | null {
  const id = isObject(item) ? text(item["action_id"]) : null;
  if (!isObject(item) || id === null) {
    return null;
  }
  const { failure, result, steps } = item;
  return {
    id,
    type: text(item["action_type"]) ?? "action",
    status: text(item["status"]) ?? "unknown",
    target: text(item["target"]),
    environment: text(item["environment"]),
    provider: text(item["provider"]),
    requester: text(item["requester"]) ?? "",
    editor: text(item["editor"]),
    decidedBy: text(item["decided_by"]),
    approvalId: text(item["approval_id"]),
    ticketId: text(item["ticket_id"]),
    breakGlass: text(item["break_glass"]),
    retryOf: text(item["retry_of"]),
    undoes: text(item["undoes"]),
    effect: effectOf(item["effect"]),
    failure: isObject(failure) ? { code: text(failure["code"]) ?? "", reason: text(failure["reason"]) ?? "" } : null,
    arguments: isObject(item["arguments"]) ? item["arguments"] : {},
    result: isObject(result) ? result : null,
    log: (Array.isArray(steps) ? (steps as unknown[]) : []).filter(isObject).map((step) => ({
      step: text(step["step"]) ?? "",
      at: instant(text(step["at"])),
      detail: text(step["detail"]),
    })),
    createdAt: instant(text(item["created_at"])),
    updatedAt: instant(text(item["updated_at"])),
    raw: item,
  };
}

/** A type of action that the client has. */
export interface Kind {
  readonly type: string;
  readonly category: string;
  readonly description: string | null;
  readonly risk: string | null;
  readonly isReversible: boolean;
  /** Who would do it; for a deployment, where it may run. */
  readonly providers: readonly string[];
  readonly isAccepting: boolean;
  readonly requesters: readonly string[];
}

export function kindsOf(body: unknown): Kind[] {
  const texts = (value: unknown) => (Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : []);
  return itemsOf(body).map((item) => ({
    type: text(item["action_type"]) ?? "action",
    category: text(item["category"]) ?? "",
    description: text(item["description"]),
    risk: text(item["risk"]),
    isReversible: item["reversible"] === true,
    providers: texts(item["providers"]),
    isAccepting: item["accepting"] !== false,
    requesters: texts(item["requesters"]),
  }));
}

/** What has not ended: what it is called off in, and what it is asked after in. */
export const CANCELLABLE: ReadonlySet<string> = new Set(["requested", "prepared", "awaiting_approval", "approved"]);
export const OPEN_OUTCOME: ReadonlySet<string> = new Set(["unknown", "settling"]);
export const ENDED: ReadonlySet<string> = new Set(["succeeded", "failed", "rejected", "expired", "cancelled"]);

const STAGES = ["Requested", "Prepared", "Decided", "Executed"] as const;

/** How many of the stages each status has behind it. */
const REACHED: ReadonlyMap<string, number> = new Map([
  ["requested", 1],
  ["prepared", 2],
  ["awaiting_approval", 2],
  ["approved", 3],
  ["executing", 3],
  ["unknown", 3],
  ["settling", 3],
  ["succeeded", 4],
  ["rejected", 2],
  ["expired", 2],
]);

/** Where an action stands on its way. What has failed or was called off tells by its log how far it came. */
export function stagesOf({ status, log, effect }: Action): Step[] {
  const told = new Set(log.map(({ step }) => step));
  const reached =
    REACHED.get(status) ?? (told.has("executing") ? 3 : told.has("approved") ? 3 : effect !== null ? 2 : 1);
  const failed = ["failed", "rejected", "expired"].includes(status);
  const ended = ENDED.has(status);
  return STAGES.map((name, index): Step => {
    if (index < reached) {
      return { name, state: "done" };
    }
    if (index > reached) {
      return { name, state: ended ? "skipped" : "waiting" };
    }
    if (failed) {
      return { name, state: "failed" };
    }
    return { name, state: ended ? "skipped" : "current", ...waitsFor(status) };
  });
}

function waitsFor(status: string): { detail?: string } {
  switch (status) {
    case "awaiting_approval":
      return { detail: "waits for people" };
    case "unknown":
      return { detail: "outcome not known" };
    case "settling":
      return { detail: "taken, not ended" };
    default:
      return {};
  }
}

/** What a person can do to undo it, as the arguments of another action; null where nothing undoes it. */
export function undoOf(action: Action): { readonly type: string; readonly arguments: JsonObject } | null {
  if (action.status !== "succeeded") {
    return null;
  }
  const { revision: _, reason: __, replicas: ___, min_replicas: ____, max_replicas: _____, ...place } = action.arguments;
  if (action.type === "rollback_deployment") {
    return { type: action.type, arguments: place };
  }
  const effect = action.raw["effect"];
  const details = isObject(effect) && isObject(effect["details"]) ? effect["details"] : {};
  const { autoscaler, replicas_now: before } = details;
  if (action.type !== "scale_deployment") {
    return null;
  }
  if (isObject(autoscaler) && typeof autoscaler["min"] === "number" && typeof autoscaler["max"] === "number") {
    return { type: action.type, arguments: { ...place, min_replicas: autoscaler["min"], max_replicas: autoscaler["max"] } };
  }
  return typeof before === "number" && before > 0 ? { type: action.type, arguments: { ...place, replicas: before } } : null;
}

const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ["restart_deployment", "Restart"],
  ["rollout_restart", "Rollout restart"],
  ["scale_deployment", "Scale"],
  ["rollback_deployment", "Roll back"],
]);

export function actionName(type: string): string {
  return OPERATIONS.get(type) ?? words(type);
}
