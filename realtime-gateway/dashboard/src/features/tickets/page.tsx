import { getRouteApi, Link } from "@tanstack/react-router";
import { Plus, SearchX } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useCommands, type Command } from "../../lib/commands";
import { useHeldRows } from "../../lib/heldRows";
import { useHasRole } from "../../lib/session";
import { useShown } from "../../lib/useShown";
import { useStored } from "../../lib/useStored";
import { useTyped } from "../../lib/useTyped";
import { StatusBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { DataTable, type Sort } from "../../ui/DataTable";
import { SearchField } from "../../ui/Field";
import { FilterChips } from "../../ui/FilterChips";
import { Newcomers } from "../../ui/Newcomers";
import { Page, PageHeader, Toolbar } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import type { BulkKind } from "./bulk";
import { BulkBar } from "./BulkBar";
import { BulkDialog } from "./BulkDialog";
import { columnsOf, Priority, readLayout } from "./columns";
import { Filters } from "./Filters";
import { chipsOf, queryOf, type TicketsSearch } from "./filters";
import { ExportMenu, LayoutMenu } from "./ListMenus";
import { SORTS } from "./search";
import type { TicketRow } from "./tickets";
import { useTicketList } from "./useTicketList";
import { ViewTabs } from "./ViewTabs";

const route = getRouteApi("/shell/tickets");
const idOf = ({ id }: TicketRow) => id;
const NONE: ReadonlySet<string> = new Set();
const FLASH_MS = 1_600;

function Tickets() {
  const search: TicketsSearch = route.useSearch();
  const navigate = route.useNavigate();
  const mayWork = useHasRole("agent");
  const query = queryOf(search);
  const list = useTicketList(query);
  const [layout, setLayout] = useStored("ticket-layout", readLayout);
  const columns = useMemo(() => columnsOf(layout), [layout]);

  const change = useCallback(
    (changed: { readonly [K in keyof TicketsSearch]?: TicketsSearch[K] | undefined }) =>
      void navigate({ search: (before: TicketsSearch) => clean({ ...before, ...changed }), replace: true }),
    [navigate],
  );
  const [typed, setTyped] = useTyped(search.q ?? "", (q) => change({ q: q.trim() === "" ? undefined : q }));

  const box = useRef<HTMLDivElement>(null);
  const shown = useShown(query, list.isOld);
  const [top, setTop] = useState({ of: shown, is: true });
  const atTop = top.of !== shown || top.is; // other filters begin at the top
  const { rows, waiting, isMore } = useHeldRows(shown, list.data, !atTop, idOf);
  const arrived = useArrivals(shown, rows);
  const toTop = () => {
    box.current?.scrollTo({ top: 0 });
    setTop({ of: shown, is: true });
  };

  const [choice, setChoice] = useState({ of: shown, ids: NONE });
  const chosen = choice.of === shown ? choice.ids : NONE; // what was chosen under other filters is out of sight
  const choose = (ids: ReadonlySet<string>) => setChoice({ of: shown, ids });
  const [bulk, setBulk] = useState<{ kind: BulkKind; tickets: readonly TicketRow[] } | null>(null);

  useKeys(box);
  const categories = useMemo(
    () => [...new Set(rows?.flatMap(({ category }) => category ?? []))].toSorted(),
    [rows],
  );
  const sort = sortOf(search);
  const isFiltered = query !== "" && query !== `sort=${search.sort}`;

  return (
    <Page fill>
      <PageHeader
        title="Tickets"
        actions={
          <>
            <Age at={list.at} />
            {mayWork && (
              <Link
                to="/tickets/new"
                // The sidebar has the same where it is in view.
                className="inline-flex h-8 items-center gap-1.5 rounded-md bg-accent-solid px-3 font-medium text-white hover:bg-accent-hover lg:hidden pointer-coarse:h-10"
              >
                <Plus aria-hidden="true" className="size-4" />
                New ticket
              </Link>
            )}
          </>
        }
      >
        <ViewTabs search={search} />
        <Toolbar label="Filters and display">
          <SearchField
            label="Search tickets"
            value={typed}
            onChange={setTyped}
            maxLength={200}
            data-search=""
            className="w-full sm:w-64"
          />
          <Filters search={search} onChange={change} categories={categories} />
          <span className="hidden flex-1 lg:block" />
          <LayoutMenu layout={layout} onChange={setLayout} />
          <ExportMenu query={query} />
        </Toolbar>
        <FilterChips
          filters={chipsOf(search)}
          onRemove={(name) => change({ [name]: undefined })}
          onClear={() => void navigate({ search: (before: TicketsSearch) => clean({ q: before.q, sort: before.sort }) })}
        />
      </PageHeader>
      <div className="relative flex min-h-0 flex-1 overflow-hidden rounded-lg border border-line bg-surface max-lg:h-[70dvh]">
        <DataTable
          label="Tickets"
          list={shown}
          isOld={list.isOld}
          boxRef={box}
          columns={columns}
          narrow={Narrow}
          rowHeight={layout.dense ? 30 : 40}
          rows={rows}
          rowId={idOf}
          onOpen={({ id }) => void navigate({ to: "/tickets/$id", params: { id } })}
          sort={sort}
          onSort={(next) => change({ sort: nextSort(sort, next?.id ?? sort.id) })}
          {...(mayWork ? { selected: chosen, onSelect: choose } : {})}
          error={list.error}
          onRetry={list.refresh}
          onMore={list.more}
          isLoadingMore={list.isLoadingMore}
          onTopChange={(is) => is !== atTop && setTop({ of: shown, is })}
          rowClass={({ id }) => (arrived.has(id) ? "animate-arrive" : undefined)}
          empty={
            isFiltered ? (
              <EmptyState
                title="No ticket is like this"
                icon={SearchX}
                action={<Button onClick={() => void navigate({ search: {} })}>Clear all filters</Button>}
              >
                Change the words or take a filter away.
              </EmptyState>
            ) : (
              <EmptyState title="No tickets yet">
                They come by API, e-mail, chat, an upstream topic or a ticket system, or are made here.
              </EmptyState>
            )
          }
        />
        <Newcomers count={waiting} isMore={isMore} one="new ticket" many="new tickets" onShow={toTop} />
        {chosen.size > 0 && rows !== undefined && (
          <BulkBar
            count={chosen.size}
            onClear={() => choose(NONE)}
            onAction={(kind) => setBulk({ kind, tickets: rows.filter(({ id }) => chosen.has(id)) })}
          />
        )}
      </div>
      {bulk !== null && (
        <BulkDialog
          kind={bulk.kind}
          tickets={bulk.tickets}
          onClose={() => setBulk(null)}
          onDone={(ids) => choose(new Set([...chosen].filter((id) => !ids.includes(id))))}
        />
      )}
    </Page>
  );
}

/** A row on a phone. */
function Narrow({ subject, status, priority, createdAt }: TicketRow) {
  return (
    <div className="flex flex-col gap-1">
      <span className="truncate">{subject}</span>
      <span className="flex items-center gap-2">
        <StatusBadge status={status} />
        {(priority === "urgent" || priority === "high") && (
          <span className="text-xs">
            <Priority priority={priority} />
          </span>
        )}
        <Time at={createdAt} className="ml-auto text-xs text-muted" />
      </span>
    </div>
  );
}

/** The ids that came in just now, to be seen arriving; not those of the first reading, nor of a further page. */
function useArrivals(query: string, rows: readonly TicketRow[] | undefined): ReadonlySet<string> {
  const [arrived, setArrived] = useState(NONE);
  const before = useRef<{ query: string; ids: ReadonlySet<string>; first: string | undefined } | null>(null);
  useEffect(() => {
    if (rows === undefined) {
      return;
    }
    const last = before.current;
    before.current = { query, ids: new Set(rows.map(idOf)), first: rows[0]?.id };
    if (last === null || last.query !== query || last.first === rows[0]?.id) {
      return;
    }
    const lastKnown = rows.findLastIndex(({ id }) => last.ids.has(id));
    const fresh = rows.slice(0, lastKnown + 1).filter(({ id }) => !last.ids.has(id));
    // Where everything is new nothing stands out.
    setArrived(fresh.length > 20 ? NONE : new Set(fresh.map(idOf)));
  }, [query, rows]);
  useEffect(() => {
    if (arrived.size === 0) {
      return undefined;
    }
    const timer = setTimeout(() => setArrived(NONE), FLASH_MS);
    return () => clearTimeout(timer);
  }, [arrived]);
  return arrived;
}

/** The keys that lead into the list; inside it the list has its own. */
function useKeys(box: React.RefObject<HTMLDivElement | null>): void {
  useCommands(
    useMemo((): readonly Command[] => {
      const first = () => box.current?.querySelector<HTMLElement>("[data-row-id][tabindex='0']")?.focus();
      return [
        { id: "tickets.list", title: "Go to the list of tickets", group: "Tickets", keys: "j", run: first },
        {
          id: "tickets.search",
          title: "Search tickets",
          group: "Tickets",
          keys: "/",
          run: () => document.querySelector<HTMLElement>("input[data-search]")?.focus(),
        },
      ];
    }, [box]),
  );
}

function sortOf({ sort = "-created_at" }: TicketsSearch): Sort {
  return { id: sort.replace("-", ""), descending: sort.startsWith("-") };
}

/** Newest, last changed and most urgent first is what is wanted more often; then the other way round, then as usual. */
function nextSort(now: Sort, id: string): TicketsSearch["sort"] {
  const wanted = now.id !== id ? `-${id}` : now.descending ? id : undefined;
  return wanted === "-created_at" ? undefined : SORTS.find((name) => name === wanted);
}

/** An address names only what was chosen. */
function clean(search: { readonly [K in keyof TicketsSearch]?: TicketsSearch[K] | undefined }): TicketsSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as TicketsSearch;
}

export { Tickets as Page };
