import { X } from "lucide-react";

/** The filters in force, each of which can be taken away; nothing where there is none. */
export function FilterChips({
  filters,
  onRemove,
  onClear,
}: {
  filters: readonly { readonly name: string; readonly label: string; readonly value: string }[];
  onRemove: (name: string) => void;
  onClear: () => void;
}) {
  if (filters.length === 0) {
    return null;
  }
  return (
    <ul role="list" aria-label="Filters" className="flex flex-wrap items-center gap-1.5">
      {filters.map(({ name, label, value }) => (
        <li key={name} className="inline-flex h-7 items-center gap-1 rounded-full border border-line bg-surface pl-2.5 text-xs">
          <span className="text-muted">{label}</span>
          <span className="max-w-48 truncate font-medium">{value}</span>
          <button
            type="button"
            aria-label={`Remove the filter ${label} ${value}`}
            onClick={() => onRemove(name)}
            className="flex size-6 items-center justify-center rounded-full text-muted hover:bg-raised hover:text-ink"
          >
            <X aria-hidden="true" className="size-3.5" />
          </button>
        </li>
      ))}
      <li>
        <button type="button" onClick={onClear} className="h-7 rounded px-1.5 text-xs text-accent hover:underline">
          Clear all
        </button>
      </li>
    </ul>
  );
}
