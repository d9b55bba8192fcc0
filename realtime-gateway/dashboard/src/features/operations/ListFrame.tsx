import { getRouteApi } from "@tanstack/react-router";
import type { ListView } from "../../lib/useView";
import { FilterBar, type Filter } from "../../parts/action/FilterBar";
import { DataTable, type Column } from "../../ui/DataTable";
import { EmptyState } from "../../ui/States";
import { Time } from "../../ui/Time";

const route = getRouteApi("/shell/operations");

/** Which entry of a list is open; it stands in the address. */
export function useOpenEntry() {
  const { id } = route.useSearch();
  const navigate = route.useNavigate();
  const show = (next: string | undefined) => void navigate({ search: (before) => ({ ...before, id: next }), replace: true });
  return { id: id ?? null, open: (next: string) => show(next), close: () => show(undefined) };
}

/** A list of the page with its filters in the address, which lets one entry be opened. */
export function ListFrame<T extends { readonly id: string }>({
  label,
  filters,
  onClear,
  aside,
  notice,
  list,
  columns,
  narrow,
  empty,
  children,
}: {
  label: string;
  filters: readonly Filter[];
  onClear: () => void;
  /** At the end of the filters. */
  aside: React.ReactNode;
  /** Above the filters. */
  notice?: React.ReactNode;
  list: ListView<T>;
  columns: readonly Column<T>[];
  narrow: (row: T) => React.ReactNode;
  /** Where there is nothing, and no filter either. */
  empty: React.ReactNode;
  /** What is open beside it. */
  children: React.ReactNode;
}) {
  const navigate = route.useNavigate();
  const { id, open } = useOpenEntry();
  return (
    <div className="flex flex-col gap-3 lg:h-full lg:min-h-0">
      {notice}
      <FilterBar
        label={`Filters of the ${label.toLowerCase()}`}
        filters={filters}
        onChange={(changes) => void navigate({ search: (before) => ({ ...before, ...changes, id: undefined }), replace: true })}
        onClear={onClear}
        aside={aside}
      />
      <div className="flex min-h-96 flex-1 rounded-lg border border-line bg-surface lg:min-h-0">
        <DataTable
          label={label}
          columns={columns}
          narrow={narrow}
          rows={list.data}
          isOld={list.isOld}
          rowId={(row) => row.id}
          openId={id}
          onOpen={(row) => open(row.id)}
          error={list.error}
          onRetry={list.refresh}
          onMore={list.more}
          isLoadingMore={list.isLoadingMore}
          empty={filters.some(({ value }) => value !== undefined) ? <EmptyState title="Nothing matches these filters" /> : empty}
        />
      </div>
      {children}
    </div>
  );
}

/** An entry where there is no room for columns. */
export function NarrowEntry({ name, about, status, at }: { name: string; about: string | null; status: React.ReactNode; at: number | null }) {
  return (
    <div className="flex flex-col gap-1">
      <span className="truncate">
        <span className="font-medium">{name}</span> {about !== null && <span className="text-muted">{about}</span>}
      </span>
      <span className="flex items-center justify-between gap-2">
        {status}
        <Time at={at} className="text-xs text-muted" />
      </span>
    </div>
  );
}
