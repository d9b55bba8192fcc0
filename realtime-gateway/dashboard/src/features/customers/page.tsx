import { getRouteApi } from "@tanstack/react-router";
import { Ban, SearchX } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { FeedEvent } from "realtime-client";
import { useCommands } from "../../lib/commands";
import { instant } from "../../lib/format";
import { useHeldRows } from "../../lib/heldRows";
import { text, type JsonObject } from "../../lib/json";
import { compact } from "../../lib/search";
import { useList } from "../../lib/useView";
import { useShown } from "../../lib/useShown";
import { useTyped } from "../../lib/useTyped";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { SearchField, Select } from "../../ui/Field";
import { Newcomers } from "../../ui/Newcomers";
import { Page, PageHeader, Toolbar } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import { Age, Time } from "../../ui/Time";

interface CustomerRow {
  readonly id: string;
  readonly name: string | null;
  readonly email: string;
  readonly state: "blocked" | "erased" | null;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
}

const COLUMNS: readonly Column<CustomerRow>[] = [
  { id: "email", header: "E-mail", cell: ({ email }) => <span title={email}>{email}</span>, grow: 2 },
  { id: "name", header: "Name", cell: ({ name }) => name ?? <span className="text-muted">–</span>, grow: 2 },
  { id: "state", header: "State", cell: ({ state }) => <State state={state} />, width: 110 },
  {
    id: "updated",
    header: "Changed",
    cell: ({ updatedAt }) => <Time at={updatedAt} />,
    width: 110,
    align: "end",
    wideOnly: true,
  },
  { id: "created", header: "Since", cell: ({ createdAt }) => <Time at={createdAt} />, width: 110, align: "end" },
];
const BLOCKED = [
  { value: "", label: "All customers" },
  { value: "true", label: "Blocked" },
  { value: "false", label: "Not blocked" },
];
/** Whoever is new comes with a ticket; a customer's own changes have no event. */
const NEW_CUSTOMER = new Set(["ticket_received", "ticket_imported", "ticket_customer_erased"]);
const LIVE = { live: ["tickets"], matters: ({ type }: FeedEvent) => NEW_CUSTOMER.has(type), minGap: 5_000 } as const;

const route = getRouteApi("/shell/customers");
const idOf = ({ id }: CustomerRow) => id;

function Customers() {
  const { q, blocked } = route.useSearch();
  const navigate = route.useNavigate();
  const filters = { ...(q === undefined ? {} : { q }), ...(blocked === undefined ? {} : { blocked }) };
  const query = new URLSearchParams(filters).toString();
  const list = useList(["customers"], `/api/v1/customers${query === "" ? "" : `?${query}`}`, rowOf, LIVE);
  const [typed, setTyped] = useTyped(q ?? "", (value) =>
    void navigate({
      search: (before) => compact({ ...before, q: value.trim() === "" ? undefined : value.trim() }),
      replace: true,
    }),
  );
  const box = useRef<HTMLDivElement>(null);
  const shown = useShown(query, list.isOld);
  const [top, setTop] = useState({ of: shown, is: true });
  const atTop = top.of !== shown || top.is;
  const { rows, waiting, isMore } = useHeldRows(shown, list.data, !atTop, idOf);

  useCommands(
    useMemo(
      () => [
        {
          id: "customers.list",
          title: "Go to the list of customers",
          group: "Customers",
          keys: "j",
          run: () => box.current?.querySelector<HTMLElement>("[data-row-id][tabindex='0']")?.focus(),
        },
        {
          id: "customers.search",
          title: "Search customers",
          group: "Customers",
          keys: "/",
          run: () => document.querySelector<HTMLElement>("input[data-search]")?.focus(),
        },
      ],
      [],
    ),
  );

  return (
    <Page fill>
      <PageHeader title="Customers" description="Whoever has written to you." actions={<Age at={list.at} />}>
        <Toolbar label="Filters">
          <SearchField
            label="Search customers"
            value={typed}
            onChange={setTyped}
            maxLength={254}
            data-search=""
            className="w-full sm:w-64"
          />
          <Select
            label="State"
            labelHidden
            className="w-40"
            value={blocked ?? ""}
            options={BLOCKED}
            onChange={(value) =>
              void navigate({
                search: (before) => compact({ ...before, blocked: value === "true" || value === "false" ? value : undefined }),
                replace: true,
              })
            }
          />
        </Toolbar>
      </PageHeader>
      <div className="relative flex min-h-0 flex-1 overflow-hidden rounded-lg border border-line bg-surface max-lg:h-[70dvh]">
        <DataTable
          label="Customers"
          list={shown}
          isOld={list.isOld}
          boxRef={box}
          columns={COLUMNS}
          narrow={Narrow}
          rowHeight={40}
          rows={rows}
          rowId={idOf}
          onOpen={({ id }) => void navigate({ to: "/customers/$id", params: { id } })}
          error={list.error}
          onRetry={list.refresh}
          onMore={list.more}
          isLoadingMore={list.isLoadingMore}
          onTopChange={(is) => is !== atTop && setTop({ of: shown, is })}
          empty={
            query === "" ? (
              <EmptyState title="No customers yet">The first ticket brings the first one.</EmptyState>
            ) : q === undefined ? (
              <EmptyState title={blocked === "true" ? "Nobody is blocked" : "Everybody is blocked"} icon={Ban} />
            ) : (
              <EmptyState
                title="Nobody is found"
                icon={SearchX}
                action={<Button onClick={() => void navigate({ search: {} })}>Show all customers</Button>}
              >
                The search looks for the beginning of an address or of a name
                {blocked === undefined ? "" : blocked === "true" ? ", among those who are blocked" : ", among those who are not blocked"}.
              </EmptyState>
            )
          }
        />
        <Newcomers
          count={waiting}
          isMore={isMore}
          one="new customer"
          many="new customers"
          onShow={() => {
            box.current?.scrollTo({ top: 0 });
            setTop({ of: shown, is: true });
          }}
        />
      </div>
    </Page>
  );
}

function State({ state }: { state: CustomerRow["state"] }) {
  return state === "blocked" ? (
    <Badge tone="bad">
      <Ban aria-hidden="true" className="size-3" />
      Blocked
    </Badge>
  ) : (
    state === "erased" && <Badge>Erased</Badge>
  );
}

/** A row on a phone. */
function Narrow({ email, name, state, createdAt }: CustomerRow) {
  return (
    <div className="flex flex-col gap-0.5">
      <span className="truncate">{name ?? email}</span>
      <span className="flex items-center gap-2 text-xs text-muted">
        {name !== null && <span className="truncate">{email}</span>}
        <State state={state} />
        <Time at={createdAt} className="ml-auto" />
      </span>
    </div>
  );
}

function rowOf(item: JsonObject): CustomerRow | null {
  const id = text(item["customer_id"]);
  return id === null
    ? null
    : {
        id,
        name: text(item["name"]),
        email: text(item["email"]) ?? "",
        state: text(item["erased_at"]) !== null ? "erased" : item["blocked"] === true ? "blocked" : null,
        createdAt: instant(text(item["created_at"])),
        updatedAt: instant(text(item["updated_at"])),
      };
}

export { Customers as Page };
