import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import {
  createSortedRowModel,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type Row,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { cx } from "../lib/cx";
import { messageOf } from "../lib/problem";
import { useMedia } from "../lib/useMedia";
import { Button } from "./Button";
import { Checkbox } from "./Field";
import { Banner } from "./Notice";
import { ProgressLine } from "./Progress";
import { EmptyState, ErrorState, Skeleton } from "./States";

export interface Column<T> {
  readonly id: string;
  /** Empty only for a column of buttons. */
  readonly header: string;
  readonly cell: (row: T) => React.ReactNode;
  /** In pixels. Without it the column shares what is left, by `grow`. */
  readonly width?: number;
  readonly grow?: number;
  readonly align?: "start" | "end";
  /** Sorts here by this value. Needs all rows to be there: with paging let the server sort, by `sortable`. */
  readonly sortBy?: (row: T) => string | number | null;
  /** The server sorts by it: see `sort` and `onSort`. */
  readonly sortable?: boolean;
  /** Left out where the window is narrower than 768 px. */
  readonly wideOnly?: boolean;
}

export interface Sort {
  readonly id: string;
  readonly descending: boolean;
}

export interface DataTableProps<T> {
  /** What it is a list of; read out. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  /** Undefined while the first are being read. */
  readonly rows: readonly T[] | undefined;
  readonly rowId: (row: T) => string;
  /** The rows are still those of the list before (other filters, another order): they stay as they are, and a thin line tells it. */
  readonly isOld?: boolean;
  /** Which list the rows are of, such as its filters: another one begins at its top. */
  readonly list?: string;
  /** Enter, or a click on a row. */
  readonly onOpen?: (row: T) => void;
  /** The row that is open beside the list. */
  readonly openId?: string | null;
  /** The order; given together with `onSort` where the server sorts. */
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort | null) => void;
  /** Ids of the chosen rows; given together with `onSelect`, a column of boxes appears. */
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (ids: ReadonlySet<string>) => void;
  readonly error?: Error | null;
  readonly onRetry?: () => void;
  /** Shown where there are no rows. */
  readonly empty?: React.ReactNode;
  /** There are more: called when the end comes into view. */
  readonly onMore?: (() => void) | undefined;
  readonly isLoadingMore?: boolean;
  /** Whether the list stands at its top: new rows may then come in at once, else they are better announced. */
  readonly onTopChange?: (atTop: boolean) => void;
  /** The scrolled box, for a page that scrolls it. */
  readonly boxRef?: React.RefObject<HTMLDivElement | null>;
  /** A look for a row, such as a flash on arrival (`animate-arrive`). */
  readonly rowClass?: (row: T) => string | undefined;
  readonly rowHeight?: number;
  /** The whole row in two lines, for where the window is narrower than 768 px and columns would be too thin to be read. */
  readonly narrow?: (row: T) => React.ReactNode;
  /** Of the scrolled box; by default it takes what its parent leaves, and at least 16 rem. */
  readonly className?: string;
}

const features = tableFeatures({ rowSortingFeature, rowSelectionFeature, sortedRowModel: createSortedRowModel() });
type Features = typeof features;
const NO_ROWS: readonly never[] = [];
const BOX_WIDTH = 40;
const STACKED_HEIGHT = 60;

/** A list of things that people scan: as many rows as there are, of which only those in view exist in the page. */
export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { label, rows, rowId, onOpen, openId = null, sort, onSort, selected, onSelect, error = null, onRetry } = props;
  const isWide = useMedia("(min-width: 48rem)");
  const { narrow } = props;
  const isStacked = narrow !== undefined && !isWide;
  const rowHeight = isStacked ? STACKED_HEIGHT : (props.rowHeight ?? 36);
  const columns = useMemo(() => props.columns.filter((column) => isWide || column.wideOnly !== true), [props.columns, isWide]);
  const [ownSort, setOwnSort] = useState<Sort | null>(null);
  const isOurs = onSort === undefined;
  const order = isOurs ? ownSort : (sort ?? null);

  const definitions = useMemo(
    () =>
      columns.map(
        (column): ColumnDef<Features, T, unknown> => ({
          id: column.id,
          accessorFn: (row: T) => column.sortBy?.(row) ?? null,
          enableSorting: column.sortBy !== undefined,
          sortFn: (a: Row<Features, T>, b: Row<Features, T>) => compare(column.sortBy?.(a.original), column.sortBy?.(b.original)),
        }),
      ),
    [columns],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: (rows ?? NO_ROWS) as T[],
    getRowId: rowId,
    manualSorting: !isOurs,
    state: {
      sorting: isOurs && order !== null ? [{ id: order.id, desc: order.descending }] : [],
      rowSelection: Object.fromEntries([...(selected ?? [])].map((id) => [id, true])),
    },
  });
  const models = table.getRowModel().rows;

  const ownBox = useRef<HTMLDivElement>(null);
  const box = props.boxRef ?? ownBox;
  const virtualizer = useVirtualizer({
    count: models.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => models[index]?.id ?? index,
    overscan: 10,
  });

  const { list } = props;
  const listBefore = useRef(list);
  useLayoutEffect(() => {
    if (listBefore.current !== list) {
      listBefore.current = list;
      if (box.current !== null) {
        box.current.scrollTop = 0;
      }
    }
  }, [box, list]);

  // Sizes are remembered; another height makes them wrong.
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);

  const template = [
    ...(onSelect === undefined ? [] : [`${BOX_WIDTH}px`]),
    ...(isStacked ? [] : columns).map(({ width, grow = 1 }) => (width === undefined ? `minmax(0, ${grow}fr)` : `${width}px`)),
    ...(isStacked ? ["minmax(0, 1fr)"] : []),
  ].join(" ");
  const grid = { gridTemplateColumns: template };

  const [focusedId, setFocusedId] = useState<string | null>(null);
  const stopId = models.some(({ id }) => id === focusedId) ? focusedId : (models[0]?.id ?? null);
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>) => {
    const from = event.target instanceof HTMLElement ? event.target.dataset["rowId"] : undefined;
    if (from === undefined || event.ctrlKey || event.metaKey || event.altKey) {
      return; // the keys of what stands in a cell are its own
    }
    const index = models.findIndex(({ id }) => id === from);
    const row = models[index];
    if (event.key === "Enter" && row !== undefined) {
      onOpen?.(row.original);
    } else if ((event.key === "x" || event.key === " ") && onSelect !== undefined) {
      onSelect(toggled(selected, from));
    } else {
      const next = models[nextIndex(event.key, index, models.length)];
      if (next === undefined) {
        return;
      }
      setFocusedId(next.id);
      virtualizer.scrollToIndex(next.index < 0 ? 0 : models.indexOf(next));
      focusSoon(box, next.id);
    }
    event.preventDefault();
  };

  const allChosen = models.length > 0 && models.every(({ id }) => selected?.has(id));
  const someChosen = models.some(({ id }) => selected?.has(id));
  const isEmpty = rows !== undefined && models.length === 0;

  return (
    <div className={cx("flex min-h-64 min-w-0 flex-1 flex-col", props.className)}>
      {error !== null && rows !== undefined && (
        <Banner tone="warn" action={onRetry !== undefined && <Button size="small" onClick={onRetry}>Try again</Button>}>
          {messageOf(error)} What was read last is shown.
        </Banner>
      )}
      <div
        ref={box}
        className="min-h-0 flex-1 overflow-auto overscroll-contain"
        onScroll={(event) => props.onTopChange?.(event.currentTarget.scrollTop <= 0)}
      >
        <div
          role="table"
          aria-label={label}
          aria-rowcount={props.onMore === undefined ? models.length + 1 : -1}
          aria-busy={(rows === undefined && error === null) || props.isOld === true}
          onKeyDown={onKeyDown}
        >
          <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-surface">
            <div role="row" aria-rowindex={1} style={grid} className="grid h-8 items-center text-xs font-medium text-muted">
              {onSelect !== undefined && (
                <div role="columnheader" className="flex justify-center">
                  <Checkbox
                    label="Choose all rows"
                    labelHidden
                    checked={allChosen ? true : someChosen ? "indeterminate" : false}
                    onChange={(all) => onSelect(all ? new Set(models.map(({ id }) => id)) : new Set())}
                  />
                </div>
              )}
              {isStacked && (
                <div role="columnheader" className="px-3">
                  {label}
                </div>
              )}
              {(isStacked ? [] : columns).map((column) => (
                <Header
                  key={column.id}
                  column={column}
                  canSort={isOurs ? column.sortBy !== undefined : column.sortable === true}
                  sort={order?.id === column.id ? order : null}
                  onSort={onSort ?? setOwnSort}
                />
              ))}
            </div>
            <ProgressLine isOn={props.isOld === true} />
          </div>
          {models.length > 0 && (
            <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
              {virtualizer.getVirtualItems().map((item) => {
                const row = models[item.index];
                return (
                  row !== undefined && (
                    <div
                      key={item.key}
                      role="row"
                      aria-rowindex={item.index + 2}
                      aria-selected={onSelect === undefined ? undefined : (selected?.has(row.id) ?? false)}
                      aria-current={row.id === openId ? "true" : undefined}
                      data-row-id={row.id}
                      tabIndex={row.id === stopId ? 0 : -1}
                      onFocus={() => setFocusedId(row.id)}
                      onClick={(event) => !isControl(event.target) && onOpen?.(row.original)}
                      style={{ ...grid, height: item.size, transform: `translateY(${item.start}px)` }}
                      className={cx(
                        "absolute inset-x-0 top-0 grid items-center border-b border-line -outline-offset-2",
                        onOpen !== undefined && "cursor-pointer hover:bg-raised",
                        (row.id === openId || selected?.has(row.id)) && "bg-accent-soft",
                        props.rowClass?.(row.original),
                      )}
                    >
                      {onSelect !== undefined && (
                        <div role="cell" className="flex justify-center">
                          <Checkbox
                            label="Choose this row"
                            labelHidden
                            checked={selected?.has(row.id) ?? false}
                            onChange={() => onSelect(toggled(selected, row.id))}
                          />
                        </div>
                      )}
                      {isStacked && (
                        <div role="cell" className="min-w-0 px-3">
                          {narrow(row.original)}
                        </div>
                      )}
                      {(isStacked ? [] : columns).map((column) => (
                        <div
                          key={column.id}
                          role="cell"
                          className={cx("min-w-0 truncate px-3", column.align === "end" && "text-right tabular-nums")}
                        >
                          {column.cell(row.original)}
                        </div>
                      ))}
                    </div>
                  )
                );
              })}
            </div>
          )}
        </div>
        {rows === undefined && error === null && (
          <div role="status" aria-label="Loading">
            {Array.from({ length: 8 }, (_, index) => (
              <div key={index} style={{ height: rowHeight }} className="flex items-center border-b border-line px-3">
                <Skeleton className="h-3.5 w-full" />
              </div>
            ))}
          </div>
        )}
        {rows === undefined && error !== null && <ErrorState error={error} {...(onRetry === undefined ? {} : { onRetry })} />}
        {isEmpty && (props.empty ?? <EmptyState title="Nothing here yet" />)}
        {props.onMore !== undefined && models.length > 0 && <More onMore={props.onMore} isLoading={props.isLoadingMore === true} />}
      </div>
    </div>
  );
}

function Header<T>({
  column,
  canSort,
  sort,
  onSort,
}: {
  column: Column<T>;
  canSort: boolean;
  sort: Sort | null;
  onSort: (sort: Sort | null) => void;
}) {
  const look = cx("min-w-0 truncate px-3", column.align === "end" && "text-right");
  if (!canSort) {
    return (
      <div role="columnheader" className={look}>
        {column.header}
      </div>
    );
  }
  const Icon = sort === null ? ChevronsUpDown : sort.descending ? ArrowDown : ArrowUp;
  const next = sort === null ? { id: column.id, descending: false } : sort.descending ? null : { id: column.id, descending: true };
  return (
    <div role="columnheader" aria-sort={sort === null ? "none" : sort.descending ? "descending" : "ascending"} className={look}>
      <button
        type="button"
        onClick={() => onSort(next)}
        className="inline-flex max-w-full items-center gap-1 rounded py-1 hover:text-ink"
      >
        <span className="truncate">{column.header}</span>
        <Icon aria-hidden="true" className={cx("size-3 shrink-0", sort === null && "opacity-50")} />
      </button>
    </div>
  );
}

/** Asks for the next page when it comes near, and can be pressed where that does not work. */
function More({ onMore, isLoading }: { onMore: () => void; isLoading: boolean }) {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef({ onMore, isLoading });
  useEffect(() => {
    latest.current = { onMore, isLoading };
  });
  useEffect(() => {
    const element = end.current;
    if (element === null || typeof IntersectionObserver === "undefined") {
      return undefined;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting) && !latest.current.isLoading) {
          latest.current.onMore();
        }
      },
      { rootMargin: "400px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
    // Watched anew after each page: an end that stays in view tells nothing.
  }, [isLoading]);
  return (
    <div ref={end} className="flex h-11 items-center justify-center">
      <Button look="quiet" size="small" disabled={isLoading} onClick={onMore}>
        {isLoading ? "Loading…" : "Load more"}
      </Button>
    </div>
  );
}

function compare(a: string | number | null | undefined, b: string | number | null | undefined): number {
  if (a === null || a === undefined || b === null || b === undefined) {
    return (a === null || a === undefined ? 1 : 0) - (b === null || b === undefined ? 1 : 0);
  }
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
}

function nextIndex(key: string, index: number, count: number): number {
  switch (key) {
    case "ArrowDown":
    case "j":
      return Math.min(index + 1, count - 1);
    case "ArrowUp":
    case "k":
      return Math.max(index - 1, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return -1;
  }
}

function toggled(selected: ReadonlySet<string> | undefined, id: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(id)) {
    next.add(id);
  }
  return next;
}

function isControl(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.closest("a, button, input, label, select") !== null;
}

/** The row may first have to be scrolled into the page. */
function focusSoon(box: React.RefObject<HTMLElement | null>, id: string): void {
  const focus = () => {
    const rows = box.current?.querySelectorAll<HTMLElement>("[data-row-id]") ?? [];
    const row = [...rows].find((each) => each.dataset["rowId"] === id);
    row?.focus({ preventScroll: true });
    return row !== undefined;
  };
  if (!focus()) {
    requestAnimationFrame(() => requestAnimationFrame(focus));
  }
}
