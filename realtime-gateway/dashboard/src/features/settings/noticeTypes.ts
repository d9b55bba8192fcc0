/** What can be told, as docs/notifications.md has it. */
export const NOTICE_TYPES = [
  { value: "*", label: "Everything, also what is added later" },
  { value: "approval.*", label: "All about approvals" },
  { value: "approval.requested", label: "A person must decide" },
  { value: "approval.reminder", label: "Nobody has yet" },
  { value: "approval.escalated", label: "It went to others" },
  { value: "approval.decided", label: "It was decided" },
  { value: "approval.expired", label: "It expired" },
  { value: "approval.withdrawn", label: "It was withdrawn" },
  { value: "policy.changed", label: "The policy was changed" },
  { value: "action.*", label: "All about actions" },
  { value: "action.succeeded", label: "An action succeeded" },
  { value: "action.failed", label: "An action failed" },
  { value: "action.unknown", label: "An action's outcome is unknown" },
  { value: "action.cancelled", label: "An action was cancelled" },
  { value: "kill_switch.*", label: "All actions were stopped, or may begin again" },
  { value: "breaker.opened", label: "A target is left alone after failures" },
  { value: "webhook.disabled", label: "A webhook was switched off" },
] as const;

/** With those that are chosen and unknown here, so that they can be taken away. */
export function noticeOptions(chosen: readonly string[]): readonly { value: string; label: string }[] {
  const known = new Set<string>(NOTICE_TYPES.map(({ value }) => value));
  return [...NOTICE_TYPES, ...chosen.filter((type) => !known.has(type)).map((value) => ({ value, label: value }))];
}
