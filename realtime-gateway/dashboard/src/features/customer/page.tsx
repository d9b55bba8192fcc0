import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Ban, Merge, Pencil, Plus, ShieldCheck } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { FeedEvent } from "realtime-client";
import { useApi } from "../../lib/api";
import { channelName } from "../../lib/channels";
import { cx } from "../../lib/cx";
import { words } from "../../lib/format";
import { isObject, text } from "../../lib/json";
import { messageOf } from "../../lib/problem";
import { useHasRole } from "../../lib/session";
import { read, useView } from "../../lib/useView";
import { StatusBadge } from "../../ui/Badge";
import { Button, IconButton } from "../../ui/Button";
import { CopyId } from "../../ui/CopyId";
import { Banner } from "../../ui/Notice";
import { Page, PageHeader } from "../../ui/Page";
import { Panel } from "../../ui/Panel";
import { useChanged } from "../../ui/Stat";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { BlockDialog, EraseDialog, IdentityDialog, RenameDialog } from "./Changes";
import { customerOf, type Customer, type RecentTicket } from "./customer";
import { MergeDialog } from "./MergeDialog";
import { Notes } from "./Notes";
import { PersonalData } from "./PersonalData";

const route = getRouteApi("/shell/customers/$id");
const DIALOGS = { block: BlockDialog, rename: RenameDialog, identity: IdentityDialog, merge: MergeDialog, erase: EraseDialog };

function CustomerPage() {
  const { id } = route.useParams();
  return <CustomerOf key={id} id={id} />;
}

function CustomerOf({ id }: { id: string }) {
  const api = useApi();
  const queries = useQueryClient();
  const toast = useToast();
  const mayWork = useHasRole("agent");
  const isAdmin = useHasRole("admin");
  const [open, setOpen] = useState<keyof typeof DIALOGS | null>(null);
  const tickets = useRef<ReadonlySet<string>>(new Set());
  const view = useView(
    ["customer", id, "page"],
    read(`/api/v1/customers/${encodeURIComponent(id)}`, ({ body, etag }) => customerOf(body, etag)),
    { live: ["tickets"], matters: (event) => isOf(event, id, tickets.current) },
  );
  const customer = view.data ?? null;
  useEffect(() => {
    tickets.current = new Set(customer?.recent.map((ticket) => ticket.id));
  }, [customer]);
  const isErased = customer !== null && customer.erasedAt !== null;
  const mayChange = mayWork && customer !== null && !isErased;
  const DialogOf = open === null ? null : DIALOGS[open];

  return (
    <Page className="w-full max-w-6xl">
      <PageHeader
        title={customer?.name ?? customer?.email ?? "Customer"}
        description={customer?.name === null ? undefined : customer?.email}
        actions={
          <>
            <Age at={view.at} />
            {mayChange && (
              <>
                <Button
                  look={customer.blocked ? "good" : "bad"}
                  icon={customer.blocked ? ShieldCheck : Ban}
                  onClick={() => setOpen("block")}
                >
                  {customer.blocked ? "Unblock" : "Block"}
                </Button>
                <Button icon={Merge} onClick={() => setOpen("merge")}>
                  Merge…
                </Button>
                <Link
                  to="/tickets/new"
                  search={{ customer_email: customer.email }}
                  className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-surface px-3 font-medium hover:bg-raised pointer-coarse:h-10"
                >
                  <Plus aria-hidden="true" className="size-4" />
                  New ticket
                </Link>
              </>
            )}
          </>
        }
      />
      {customer === null ? (
        view.error !== null ? (
          <ErrorState error={view.error} onRetry={view.refresh} />
        ) : view.isLoading ? (
          <Waiting />
        ) : (
          <EmptyState title="This customer cannot be shown" />
        )
      ) : (
        <>
          <div className="flex flex-col gap-2 *:rounded-lg empty:hidden">
            {view.error !== null && (
              <Banner
                tone="warn"
                action={
                  <Button size="small" onClick={view.refresh}>
                    Try again
                  </Button>
                }
              >
                {messageOf(view.error)} What was read last is shown.
              </Banner>
            )}
            {customer.id !== id && <Banner>This customer was merged into the one that is shown.</Banner>}
            {isErased && (
              <Banner>
                All personal data was erased <Time at={customer.erasedAt} />. The address is a substitute.
              </Banner>
            )}
            {customer.blocked && customer.block !== null && (
              <Banner tone="warn">
                Blocked <Time at={customer.block.at} /> by {customer.block.by}: {customer.block.reason}
              </Banner>
            )}
          </div>
          <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
            <div className="flex min-w-0 flex-col gap-4">
              <Tickets customer={customer} />
              <Notes customerId={customer.id} mayWrite={mayChange} />
            </div>
            <div className="flex min-w-0 flex-col gap-4">
              <Known
                customer={customer}
                {...(mayChange ? { onRename: () => setOpen("rename"), onAdd: () => setOpen("identity") } : {})}
              />
              {isAdmin && !isErased && <PersonalData customerId={customer.id} onErase={() => setOpen("erase")} />}
            </div>
          </div>
          {DialogOf !== null && (
            <DialogOf
              customer={customer}
              api={api}
              onClose={() => setOpen(null)}
              onDone={(title) => {
                toast({ title, tone: "good" });
                void queries.invalidateQueries({ queryKey: ["customer", id] });
                void queries.invalidateQueries({ queryKey: ["customers"] });
              }}
            />
          )}
        </>
      )}
    </Page>
  );
}

function Tickets({ customer }: { customer: Customer }) {
  return (
    <Panel
      title="Tickets"
      count={customer.ticketsCount}
      actions={
        customer.ticketsCount > customer.recent.length && (
          <Link
            to="/tickets"
            search={{ customer_id: customer.id }}
            className="ml-auto text-accent underline-offset-2 hover:underline"
          >
            All {customer.ticketsCount} tickets
          </Link>
        )
      }
    >
      {customer.recent.length === 0 ? (
        <EmptyState title="No tickets" />
      ) : (
        <>
          <ul role="list" aria-label="By status" className="flex flex-wrap gap-1.5 border-b border-line px-3 py-2">
            {customer.byStatus.map(([status, count]) => (
              <li key={status}>
                <Link
                  to="/tickets"
                  search={{ customer_id: customer.id, status }}
                  className="flex items-center gap-1.5 rounded-full border border-line py-0.5 pr-2.5 pl-1 text-xs hover:bg-raised"
                >
                  <StatusBadge status={status} className="rounded-full" />
                  <span className="font-medium tabular-nums">{count}</span>
                </Link>
              </li>
            ))}
          </ul>
          <ul role="list" aria-label="Newest tickets" className="divide-y divide-line">
            {customer.recent.map((ticket) => (
              <Row key={ticket.id} ticket={ticket} />
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

function Row({ ticket }: { ticket: RecentTicket }) {
  const changed = useChanged(ticket.status);
  return (
    <li className={cx(changed && "animate-arrive")}>
      <Link
        to="/tickets/$id"
        params={{ id: ticket.id }}
        className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5 -outline-offset-2 hover:bg-raised sm:flex-nowrap"
      >
        <span className="min-w-0 flex-1 basis-full truncate sm:basis-auto">{ticket.subject}</span>
        <span className="shrink-0 sm:w-36">
          <StatusBadge status={ticket.status} />
        </span>
        <span className="shrink-0 text-muted sm:w-16">{channelName(ticket.channel)}</span>
        <Time at={ticket.createdAt} className="ml-auto shrink-0 text-right text-muted sm:w-20" />
      </Link>
    </li>
  );
}

function Known({ customer, onRename, onAdd }: { customer: Customer; onRename?: () => void; onAdd?: () => void }) {
  return (
    <Panel
      title="Known by"
      actions={
        onAdd !== undefined && (
          <Button look="quiet" size="small" icon={Plus} className="ml-auto" onClick={onAdd}>
            Add identity
          </Button>
        )
      }
    >
      <dl className="flex flex-col divide-y divide-line">
        <div className="flex min-h-10 items-center gap-2 px-3 py-1.5">
          <dt className="w-20 shrink-0 text-muted">Name</dt>
          <dd className="flex min-w-0 flex-1 items-center justify-between gap-2">
            <span className="min-w-0 wrap-anywhere">{customer.name ?? <span className="text-muted">Not known</span>}</span>
            {onRename !== undefined && <IconButton label="Change the name" icon={Pencil} size="small" onClick={onRename} />}
          </dd>
        </div>
        {customer.identities.map((identity) => (
          <div
            key={`${identity.type} ${identity.source} ${identity.value}`}
            className="flex min-h-10 items-center gap-2 px-3 py-1.5"
          >
            <dt className="w-20 shrink-0 text-muted wrap-anywhere">
              {identity.type === "email" ? "E-mail" : (identity.source ?? words(identity.type))}
            </dt>
            <dd className="min-w-0 flex-1 wrap-anywhere">
              {identity.value}
              {identity.primary && <span className="block text-xs text-muted">Shown in lists</span>}
            </dd>
          </div>
        ))}
        <div className="flex min-h-10 items-center gap-2 px-3 py-1.5">
          <dt className="w-20 shrink-0 text-muted">Since</dt>
          <dd>
            <Time at={customer.createdAt} />
          </dd>
        </div>
        <div className="flex min-h-10 items-center gap-2 px-3 py-1.5">
          <dt className="w-20 shrink-0 text-muted">Id</dt>
          <dd className="min-w-0">
            <CopyId id={customer.id} name="customer id" />
          </dd>
        </div>
      </dl>
    </Panel>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading" className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Skeleton className="h-96 w-full rounded-lg" />
      <Skeleton className="h-56 w-full rounded-lg" />
    </div>
  );
}

/** Whether the event is about one of the customer's tickets, or brings another one. */
function isOf({ key, data }: FeedEvent, id: string, tickets: ReadonlySet<string>): boolean {
  const sender = data["customer"];
  return (key !== null && tickets.has(key)) || (isObject(sender) && text(sender["customer_id"]) === id);
}

export { CustomerPage as Page };
