import { Check, CircleDashed, Loader, X } from "lucide-react";
import { cx } from "../lib/cx";
import { useLate } from "../lib/useLate";

export interface Step {
  readonly name: string;
  readonly state: "done" | "current" | "failed" | "waiting" | "skipped";
  readonly detail?: React.ReactNode;
}

const STATES = {
  done: { icon: Check, look: "border-transparent bg-good-soft text-good", word: "done" },
  current: { icon: Loader, look: "border-accent bg-accent-soft text-accent", word: "at work" },
  failed: { icon: X, look: "border-transparent bg-bad-soft text-bad", word: "failed" },
  waiting: { icon: CircleDashed, look: "border-line bg-surface text-muted", word: "not begun" },
  skipped: { icon: CircleDashed, look: "border-dashed border-line bg-surface text-muted", word: "not needed" },
} as const;

/** Where something stands on its way. Side by side where there is room, else one under the other. */
export function Steps({ label, steps, vertical = false }: { label: string; steps: readonly Step[]; vertical?: boolean }) {
  return (
    <ol role="list" aria-label={label} className={cx("flex gap-x-2 gap-y-2", vertical ? "flex-col" : "flex-col sm:flex-row")}>
      {steps.map((step, index) => {
        const { icon: Icon, look, word } = STATES[step.state];
        return (
          <li
            key={`${index} ${step.name}`}
            aria-current={step.state === "current" ? "step" : undefined}
            className={cx("flex min-w-0 items-start gap-2", !vertical && "sm:flex-1")}
          >
            <span className={cx("flex size-5 shrink-0 items-center justify-center rounded-full border", look)}>
              <Icon aria-hidden="true" className="size-3" />
            </span>
            <div className="min-w-0">
              <p className={cx("text-sm", step.state === "waiting" || step.state === "skipped" ? "text-muted" : "font-medium")}>
                {step.name}
                <span className="sr-only"> ({word})</span>
              </p>
              {step.detail !== undefined && <div className="text-xs text-muted wrap-anywhere">{step.detail}</div>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** How much of something is done; without `value` it is not known how much. */
export function Progress({ label, value, max = 100 }: { label: string; value?: number; max?: number }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      {...(value === undefined ? {} : { "aria-valuenow": value })}
      className="h-1.5 overflow-hidden rounded-full bg-raised"
    >
      <div
        className={cx("h-full rounded-full bg-accent-solid", value === undefined && "w-1/3 animate-breathe")}
        {...(value === undefined ? {} : { style: { width: `${Math.min(100, Math.max(0, (value / max) * 100))}%` } })}
      />
    </div>
  );
}

/** How long something may take before one is told that it does, in milliseconds. */
const LATE_MS = 300;

/**
 * A thin line that says that something else is being read, while what stands there stays as it is. It lies on the edge of what
 * it stands in (`relative`) and moves nothing; what is read quickly never shows it. Say it with `aria-busy` too.
 */
export function ProgressLine({ isOn, className = "-bottom-px" }: { isOn: boolean; className?: string }) {
  return (
    useLate(isOn, LATE_MS) && (
      <div aria-hidden="true" data-progress-line="" className={cx("pointer-events-none absolute inset-x-0 h-0.5 overflow-hidden", className)}>
        <div className="h-full w-2/5 animate-run bg-accent motion-reduce:w-full" />
      </div>
    )
  );
}
