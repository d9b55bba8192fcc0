import { CircleAlert, CircleCheck, CircleDashed, CircleDot, CircleX, Clock3, Loader, type LucideIcon } from "lucide-react";
import { words } from "../lib/format";
import { cx } from "../lib/cx";

export type Tone = "neutral" | "good" | "warn" | "bad" | "info";

const TONES: Record<Tone, string> = {
  neutral: "bg-raised text-ink",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  info: "bg-info-soft text-info",
};

export function Badge({
  tone = "neutral",
  className,
  children,
}: {
  tone?: Tone;
  className?: string;
  children: React.ReactNode;
}) {
  return (
    <span
      className={cx(
        "inline-flex h-5 max-w-full items-center gap-1 rounded px-1.5 text-xs font-medium whitespace-nowrap",
        TONES[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}

// A map and not an object: a status from outside must not find what objects inherit.
const STATUSES: ReadonlyMap<string, readonly [Tone, LucideIcon]> = new Map<string, readonly [Tone, LucideIcon]>([
  ["received", ["neutral", CircleDashed]],
  ["analyzing", ["info", Loader]],
  ["running", ["info", Loader]],
  ["acting", ["info", Loader]],
  ["executing", ["info", Loader]],
  ["sending", ["info", Loader]],
  ["active", ["info", CircleDot]],
  ["requested", ["neutral", CircleDashed]],
  ["prepared", ["neutral", CircleDashed]],
  ["awaiting_approval", ["warn", Clock3]],
  ["pending", ["warn", Clock3]],
  ["parked", ["warn", Clock3]],
  ["waiting", ["warn", Clock3]],
  ["escalated", ["warn", CircleAlert]],
  ["degraded", ["warn", CircleAlert]],
  ["expired", ["warn", CircleAlert]],
  ["edited", ["info", CircleDot]],
  ["settling", ["info", Loader]],
  ["open", ["warn", CircleAlert]],
  ["replaying", ["info", Loader]],
  ["replayed", ["good", CircleCheck]],
  ["discarded", ["neutral", CircleX]],
  ["responded", ["info", CircleCheck]],
  ["unknown", ["warn", CircleAlert]],
  ["resolved", ["good", CircleCheck]],
  ["succeeded", ["good", CircleCheck]],
  ["approved", ["good", CircleCheck]],
  ["healthy", ["good", CircleCheck]],
  ["up", ["good", CircleCheck]],
  ["sent", ["good", CircleCheck]],
  ["delivered", ["good", CircleCheck]],
  ["failed", ["bad", CircleX]],
  ["rejected", ["bad", CircleX]],
  ["critical", ["bad", CircleX]],
  ["down", ["bad", CircleX]],
  ["cancelled", ["neutral", CircleX]],
  ["closed", ["neutral", CircleCheck]],
  ["idle", ["neutral", CircleDashed]],
  ["offline", ["neutral", CircleX]],
]);

export function toneOfStatus(status: string): Tone {
  return STATUSES.get(status)?.[0] ?? "neutral";
}

/** The status of a ticket, run, approval, action or service: told by word and shape, not by colour alone. */
export function StatusBadge({ status, className }: { status: string; className?: string }) {
  const [tone, Icon] = STATUSES.get(status) ?? (["neutral", CircleDot] as const);
  return (
    <Badge tone={tone} {...(className === undefined ? {} : { className })}>
      <Icon aria-hidden="true" className="size-3 shrink-0" />
      <span className="truncate">{words(status)}</span>
    </Badge>
  );
}
