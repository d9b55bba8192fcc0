import { X } from "lucide-react";
import { cx } from "../lib/cx";
import { IconButton } from "./Button";

/** What can be done to the rows of a list that are chosen: how many they are, the actions, and choosing none. */
export function ChosenBar({
  label,
  count,
  onClear,
  className,
  children,
}: {
  label: string;
  count: number;
  onClear: () => void;
  /** Where it stands. */
  className: string;
  /** The actions. */
  children: React.ReactNode;
}) {
  return (
    <div role="toolbar" aria-label={label} className={cx("flex animate-appear items-center border-line-strong bg-surface", className)}>
      <span role="status" className="shrink-0 font-medium tabular-nums">
        {count} chosen
      </span>
      {children}
      <IconButton label="Choose none" icon={X} size="small" onClick={onClear} />
    </div>
  );
}
