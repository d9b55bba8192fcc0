import { CircleAlert, Inbox, type LucideIcon } from "lucide-react";
import { cx } from "../lib/cx";
import { messageOf } from "../lib/problem";
import { Button } from "./Button";

/** Where something will stand. Give it the size of what comes, so that nothing moves. */
export function Skeleton({ className = "h-4 w-full" }: { className?: string }) {
  return <span aria-hidden="true" className={cx("block animate-breathe rounded bg-raised", className)} />;
}

/** Some rows of a list that is being read. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3 p-3">
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} className="h-5 w-full" />
      ))}
    </div>
  );
}

/** Nothing is there: says why, and what to do about it. */
export function EmptyState({
  title,
  icon: Icon = Inbox,
  children,
  action,
}: {
  title: string;
  icon?: LucideIcon;
  children?: React.ReactNode;
  action?: React.ReactNode;
}) {
  return (
    <div className="flex flex-col items-center justify-center gap-2 px-6 py-10 text-center">
      <Icon aria-hidden="true" className="size-6 text-muted" strokeWidth={1.5} />
      <p className="text-base font-semibold">{title}</p>
      {children !== undefined && <div className="max-w-sm text-muted">{children}</div>}
      {action}
    </div>
  );
}

/** It could not be read, and nothing older is there to be shown. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center justify-center gap-2 px-6 py-10 text-center">
      <CircleAlert aria-hidden="true" className="size-6 text-bad" strokeWidth={1.5} />
      <p className="max-w-sm wrap-anywhere">{messageOf(error)}</p>
      {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
