import type { ComponentProps } from "react";
import type { LucideIcon } from "lucide-react";
import { cx } from "../lib/cx";
import { Tooltip } from "./Tooltip";

type Look = "primary" | "plain" | "quiet" | "good" | "bad" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent-solid text-white hover:bg-accent-hover border-transparent",
  plain: "bg-surface text-ink border-line hover:bg-raised",
  quiet: "bg-transparent text-muted border-transparent hover:bg-raised hover:text-ink",
  good: "bg-surface text-good border-line hover:bg-good-soft",
  bad: "bg-surface text-bad border-line hover:bg-bad-soft",
  danger: "bg-danger text-white border-transparent hover:bg-danger-hover",
};

const SIZES = {
  normal: "h-8 px-3 text-sm pointer-coarse:h-10",
  small: "h-7 px-2.5 text-xs pointer-coarse:h-9",
};

export interface ButtonProps extends ComponentProps<"button"> {
  /** `primary` at most once in a view; `danger` only in the confirmation of what cannot be undone. */
  look?: Look;
  size?: keyof typeof SIZES;
  /** Stands before the words. */
  icon?: LucideIcon;
}

export function Button({ look = "plain", size = "normal", icon: Icon, className = "", type = "button", children, ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(
        "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap transition-colors disabled:opacity-60",
        SIZES[size],
        LOOKS[look],
        className,
      )}
      {...rest}
    >
      {Icon !== undefined && <Icon aria-hidden="true" className="size-4 shrink-0" />}
      {children}
    </button>
  );
}

/** A button that shows only an icon; its label is its name and its tooltip. */
export function IconButton({
  label,
  icon: Icon,
  size = "normal",
  look = "quiet",
  className = "",
  iconClassName = "",
  type = "button",
  ...rest
}: Omit<ComponentProps<"button">, "children"> & {
  label: string;
  icon: LucideIcon;
  look?: Look;
  size?: "normal" | "small";
  iconClassName?: string;
}) {
  return (
    <Tooltip text={label}>
      <button
        type={type}
        aria-label={label}
        className={cx(
          "inline-flex shrink-0 items-center justify-center rounded-md border transition-colors disabled:opacity-60 pointer-coarse:size-10",
          size === "small" ? "size-7" : "size-8",
          LOOKS[look],
          className,
        )}
        {...rest}
      >
        <Icon aria-hidden="true" className={cx("size-4", iconClassName)} />
      </button>
    </Tooltip>
  );
}
