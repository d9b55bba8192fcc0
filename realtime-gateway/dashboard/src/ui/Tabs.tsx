import { Tabs as Primitive } from "radix-ui";
import { useInStrip } from "../lib/useInStrip";

/** Parts of a page of which one is shown. Keep `value` in the address. */
export function Tabs({
  label,
  value,
  onChange,
  tabs,
  children,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  tabs: readonly { readonly value: string; readonly label: string; readonly count?: number | undefined }[];
  /** `TabPanel`s. */
  children: React.ReactNode;
}) {
  const strip = useInStrip<HTMLDivElement>("[data-state=active]", value);
  return (
    <Primitive.Root value={value} onValueChange={onChange} className="flex min-h-0 min-w-0 flex-1 flex-col gap-3">
      <Primitive.List ref={strip} aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-1.5 text-sm font-medium text-muted -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.label}
            {tab.count !== undefined && (
              <span className="rounded-full bg-raised px-1.5 text-xs tabular-nums">{tab.count}</span>
            )}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {children}
    </Primitive.Root>
  );
}

export function TabPanel({ value, children }: { value: string; children: React.ReactNode }) {
  return (
    <Primitive.Content value={value} className="min-h-0 min-w-0 flex-1">
      {children}
    </Primitive.Content>
  );
}
