import { queryOptions } from "@tanstack/react-query";
import type { Position } from "realtime-client";
import type { Api } from "../../lib/api";
import { instant } from "../../lib/format";
import { isObject, itemsOf, text, type JsonObject } from "../../lib/json";

/** A proposed action that waits for a person. */
export interface Approval {
  readonly id: string;
  readonly ticketId: string | null;
  readonly actionType: string;
  /** Exactly what would be executed. */
  readonly arguments: unknown;
  /** What executing it would do, computed by OpsRelay and not worded by a model. */
  readonly effect: unknown;
  readonly rule: string | null;
  readonly requestedAt: number | null;
  readonly expiresAt: number | null;
}

export interface Decision {
  readonly decision: "approve" | "reject";
  readonly reason: string;
}

export interface PendingApprovals {
  readonly approvals: readonly Approval[];
  readonly position: Position | null;
}

export const PENDING_APPROVALS = ["approvals", "pending"] as const;

export function pendingApprovals(api: Api) {
  return queryOptions({
    queryKey: PENDING_APPROVALS,
    queryFn: async ({ signal }): Promise<PendingApprovals> => {
      const { body, position } = await api.get("/api/v1/approvals?status=pending", signal);
      return { approvals: itemsOf(body).flatMap(approvalOf).sort(longestWaitingFirst), position };
    },
  });
}

export async function decide(api: Api, id: string, { decision, reason }: Decision): Promise<void> {
  await api.post(
    `/api/v1/approvals/${encodeURIComponent(id)}/decide`,
    reason === "" ? { decision } : { decision, reason },
  );
}

function approvalOf(item: JsonObject): Approval[] {
  const id = text(item["approval_id"]);
  if (id === null) {
    return []; // nothing could be decided about it
  }
  const effect = item["effect"];
  return [
    {
      id,
      ticketId: text(item["ticket_id"]),
      actionType: text(item["action_type"]) ?? "action",
      arguments: item["arguments"] ?? {},
      effect: isObject(effect) || Array.isArray(effect) ? effect : text(effect),
      rule: text(item["rule"]),
      requestedAt: instant(text(item["requested_at"]) ?? text(item["created_at"])),
      expiresAt: instant(text(item["expires_at"])),
    },
  ];
}

/** New requests join at the end, so that nothing moves under the pointer of who decides. */
function longestWaitingFirst(a: Approval, b: Approval): number {
  return (a.requestedAt ?? Infinity) - (b.requestedAt ?? Infinity) || a.id.localeCompare(b.id);
}
