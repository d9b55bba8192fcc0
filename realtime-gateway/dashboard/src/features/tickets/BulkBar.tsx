import { ArrowUpDown, CircleDot, Merge, RotateCcw, Tag, UserRound, type LucideIcon } from "lucide-react";
import { Button } from "../../ui/Button";
import { ChosenBar } from "../../ui/ChosenBar";
import type { BulkKind } from "./bulk";

const ACTIONS: readonly { kind: BulkKind; label: string; icon: LucideIcon; atLeast: number }[] = [
  { kind: "status", label: "Status", icon: CircleDot, atLeast: 1 },
  { kind: "priority", label: "Priority", icon: ArrowUpDown, atLeast: 1 },
  { kind: "assignee", label: "Assign", icon: UserRound, atLeast: 1 },
  { kind: "tags", label: "Tags", icon: Tag, atLeast: 1 },
  { kind: "merge", label: "Merge", icon: Merge, atLeast: 2 },
  { kind: "retry", label: "Retry", icon: RotateCcw, atLeast: 1 },
];

/** What can be done to the chosen rows. It floats over the list's end, so that choosing one moves none. */
export function BulkBar({
  count,
  onAction,
  onClear,
}: {
  count: number;
  onAction: (kind: BulkKind) => void;
  onClear: () => void;
}) {
  return (
    <ChosenBar
      label="Chosen tickets"
      count={count}
      onClear={onClear}
      className="absolute inset-x-2 bottom-3 z-20 mx-auto w-fit max-w-[calc(100%-1rem)] gap-x-1 rounded-lg border py-1 pr-1 pl-3 shadow-overlay max-lg:fixed max-sm:w-auto max-sm:flex-wrap max-sm:justify-between"
    >
      <span aria-hidden="true" className="mx-1.5 h-5 w-px shrink-0 bg-line max-sm:hidden" />
      <div className="flex min-w-0 gap-0.5 overflow-x-auto max-sm:order-last max-sm:-ml-2 max-sm:basis-full">
        {ACTIONS.map(({ kind, label, icon, atLeast }) => (
          <Button
            key={kind}
            look="quiet"
            size="small"
            icon={icon}
            disabled={count < atLeast}
            onClick={() => onAction(kind)}
            className="text-ink max-sm:h-12! max-sm:flex-1 max-sm:flex-col max-sm:gap-0.5 max-sm:px-0"
          >
            {label}
          </Button>
        ))}
      </div>
    </ChosenBar>
  );
}
