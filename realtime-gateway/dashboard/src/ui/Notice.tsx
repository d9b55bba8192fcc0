import { CircleAlert, CircleCheck, Info, TriangleAlert, X, type LucideIcon } from "lucide-react";
import { cx } from "../lib/cx";
import type { Tone } from "./Badge";
import { IconButton } from "./Button";

/** A failure, told where it happened and announced once. */
export function Problem({ children }: { children: React.ReactNode }) {
  return (
    <p role="alert" className="rounded-md bg-bad-soft px-2.5 py-1.5 text-sm text-bad wrap-anywhere">
      {children}
    </p>
  );
}

export const TONE_ICONS: Record<Tone, LucideIcon> = {
  neutral: Info,
  info: Info,
  good: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
};

const LOOKS: Record<Tone, string> = {
  neutral: "bg-raised text-ink",
  info: "bg-info-soft text-info",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
};

/** Something that stays true until it is mended, above what it is about. */
export function Banner({
  tone = "info",
  action,
  onDismiss,
  children,
}: {
  tone?: Tone;
  action?: React.ReactNode;
  onDismiss?: () => void;
  children: React.ReactNode;
}) {
  const Icon = TONE_ICONS[tone];
  return (
    <div
      role={tone === "bad" ? "alert" : "status"}
      className={cx("flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 text-sm", LOOKS[tone])}
    >
      <Icon aria-hidden="true" className="size-4 shrink-0" />
      <div className="min-w-0 flex-1 basis-52 wrap-anywhere">{children}</div>
      {action}
      {onDismiss !== undefined && <IconButton label="Dismiss" icon={X} size="small" onClick={onDismiss} />}
    </div>
  );
}
