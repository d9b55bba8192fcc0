import { useState } from "react";
import type { View } from "../lib/useView";
import { Badge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { Sheet } from "../ui/Dialog";
import { Panel } from "../ui/Panel";
import { ErrorState, SkeletonRows } from "../ui/States";

/** What holds and what held before: to be compared with what holds now, and taken into a draft again. */
export function VersionList<T extends { readonly version: number }>({
  title,
  view,
  versions,
  current,
  told,
  changes,
  onTake,
}: {
  title: string;
  /** Where they are read. */
  view: View<unknown>;
  /** In the order they are shown. */
  versions: readonly T[];
  /** The version that holds now. */
  current: number;
  /** Who made a version, when and why. */
  told: (version: T) => React.ReactNode;
  /** What would change, if that version were to hold. */
  changes: (version: T) => React.ReactNode;
  onTake: (version: T) => void;
}) {
  const [open, setOpen] = useState<T | null>(null);
  return (
    <Panel title={title} count={view.data === undefined ? undefined : versions.length} className="shrink-0">
      {view.data === undefined ? (
        view.error === null ? (
          <SkeletonRows rows={2} />
        ) : (
          <ErrorState error={view.error} onRetry={view.refresh} />
        )
      ) : (
        <ul role="list" aria-label={title} className="max-h-80 divide-y divide-line overflow-y-auto">
          {versions.map((each) => (
            <li key={each.version} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
              <span className="font-medium whitespace-nowrap tabular-nums">Version {each.version}</span>
              {each.version === current && <Badge tone="good">In force</Badge>}
              <span className="min-w-0 flex-1 text-muted wrap-anywhere">{told(each)}</span>
              <Button size="small" aria-label={`Compare version ${each.version}`} disabled={each.version === current} onClick={() => setOpen(each)}>
                Compare
              </Button>
            </li>
          ))}
        </ul>
      )}
      {open !== null && (
        <Sheet
          wide
          open
          onClose={() => setOpen(null)}
          title={`From what holds now to version ${open.version}`}
          footer={
            <Button
              look="primary"
              onClick={() => {
                onTake(open);
                setOpen(null);
              }}
            >
              Take as a draft
            </Button>
          }
        >
          {changes(open)}
        </Sheet>
      )}
    </Panel>
  );
}
