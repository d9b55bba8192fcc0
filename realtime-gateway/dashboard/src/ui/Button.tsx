import type { ComponentProps } from "react";

type Look = "primary" | "plain" | "quiet" | "good" | "bad";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent-solid text-white hover:bg-accent-hover border-transparent",
  plain: "bg-surface text-ink border-line hover:bg-raised",
  quiet: "bg-transparent text-muted border-transparent hover:bg-raised hover:text-ink",
  good: "bg-surface text-good border-line hover:bg-good-soft",
  bad: "bg-surface text-bad border-line hover:bg-bad-soft",
};

const SIZES = {
  normal: "h-8 px-3 text-sm pointer-coarse:h-10",
  small: "h-7 px-2.5 text-xs pointer-coarse:h-9",
};

export function Button({
  look = "plain",
  size = "normal",
  className = "",
  type = "button",
  ...rest
}: ComponentProps<"button"> & { look?: Look; size?: keyof typeof SIZES }) {
  return (
    <button
      type={type}
      className={`inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium transition-colors disabled:opacity-60 motion-reduce:transition-none ${SIZES[size]} ${LOOKS[look]} ${className}`}
      {...rest}
    />
  );
}
