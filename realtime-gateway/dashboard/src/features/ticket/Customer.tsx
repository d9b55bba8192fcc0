import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useApi } from "../../lib/api";
import { instant } from "../../lib/format";
import { isObject, text } from "../../lib/json";
import { useHasRole } from "../../lib/session";
import { read, useView } from "../../lib/useView";
import { Badge, StatusBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/Field";
import { Panel } from "../../ui/Panel";
import { SkeletonRows } from "../../ui/States";
import { Time } from "../../ui/Time";
import { PartFailed } from "../../ui/PartFailed";
import { nameOf, number, objects, type Ticket } from "./ticket";

interface Customer {
  readonly email: string | null;
  readonly name: string | null;
  readonly block: { readonly by: string; readonly reason: string; readonly at: number | null } | null;
  readonly isBlocked: boolean;
  readonly isErased: boolean;
  readonly tickets: number;
  readonly notes: number;
  readonly recent: readonly { readonly id: string; readonly subject: string; readonly status: string; readonly at: number | null }[];
}

/** The customer's page, as far as a ticket shows it. */
export function useCustomer(ticket: Ticket) {
  const id = ticket.customer?.id ?? "";
  return useView(["ticket", ticket.id, "customer", id], read(address(id), ({ body }) => customerOf(body)), { enabled: id !== "" });
}

/** Who wrote, and what else they wrote. */
export function CustomerPanel({ ticket, sender }: { ticket: Ticket; sender: NonNullable<Ticket["customer"]> }) {
  const view = useCustomer(ticket);
  const mayBlock = useHasRole("agent");
  const customer = view.data;
  const others = customer?.recent.filter(({ id }) => id !== ticket.id) ?? [];
  return (
    <Panel title="Customer">
      {customer === undefined ? (
        view.error === null ? (
          <SkeletonRows rows={3} />
        ) : (
          <PartFailed error={view.error} onRetry={view.refresh} />
        )
      ) : (
        <div className="flex flex-col gap-3 p-3">
          <div className="flex items-start gap-2">
            <div className="min-w-0 flex-1">
              <Link
                to="/customers/$id"
                params={{ id: sender.id }}
                className="font-medium text-accent hover:underline wrap-anywhere"
              >
                {customer.name ?? customer.email ?? sender.email}
              </Link>
              {customer.name !== null && <p className="text-xs text-muted wrap-anywhere">{customer.email ?? sender.email}</p>}
              <p className="mt-1 flex flex-wrap gap-1.5">
                <Badge tone={sender.verified ? "good" : "warn"}>
                  {sender.verified ? "Sender verified" : "Sender not verified"}
                </Badge>
                {customer.isBlocked && <Badge tone="bad">Blocked</Badge>}
                {customer.isErased && <Badge>Erased</Badge>}
              </p>
            </div>
            {mayBlock && !customer.isErased && <Block id={sender.id} ticketId={ticket.id} isBlocked={customer.isBlocked} />}
          </div>
          {customer.block !== null && (
            <p className="text-xs text-muted wrap-anywhere">
              Blocked by {nameOf(customer.block.by)} <Time at={customer.block.at} />: {customer.block.reason}
            </p>
          )}
          <p className="text-xs text-muted tabular-nums">
            {customer.tickets === 1 ? "1 ticket" : `${customer.tickets} tickets`}
            {customer.notes > 0 && `, ${customer.notes === 1 ? "1 note" : `${customer.notes} notes`}`}
          </p>
          {others.length > 0 && (
            <ul role="list" aria-label="Other tickets of the customer" className="-mx-1.5 flex flex-col">
              {others.slice(0, 5).map((each) => (
                <li key={each.id}>
                  <Link
                    to="/tickets/$id"
                    params={{ id: each.id }}
                    className="flex flex-col gap-0.5 rounded px-1.5 py-1 hover:bg-raised"
                  >
                    <span className="truncate">{each.subject}</span>
                    <span className="flex items-center justify-between gap-2 text-xs text-muted">
                      <StatusBadge status={each.status} />
                      <Time at={each.at} />
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </Panel>
  );
}

function Block({ id, ticketId, isBlocked }: { id: string; ticketId: string; isBlocked: boolean }) {
  const api = useApi();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const change = useMutation({
    mutationFn: () => api.post(`${address(id)}/${isBlocked ? "unblock" : "block"}`, { reason: reason.trim() }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["ticket", ticketId, "customer"] }),
  });
  const verb = isBlocked ? "Unblock" : "Block";
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {verb}
      </Button>
      <ConfirmDialog
        open={open}
        onClose={() => {
          setOpen(false);
          setReason("");
        }}
        title={`${verb} the customer`}
        description={
          isBlocked
            ? "Their mail is worked again, and they are answered again."
            : "Their mail is filed and not worked, and nothing is sent to them, until they are unblocked."
        }
        confirm={verb}
        danger={!isBlocked}
        onConfirm={() => change.mutateAsync()}
      >
        <TextArea label="Reason" rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      </ConfirmDialog>
    </>
  );
}

function address(id: string): string {
  return `/api/v1/customers/${encodeURIComponent(id)}`;
}

function customerOf(body: unknown): Customer {
  const from = isObject(body) ? body : {};
  const block = from["block"];
  return {
    email: text(from["email"]),
    name: text(from["name"]),
    isBlocked: from["blocked"] === true,
    isErased: text(from["erased_at"]) !== null,
    block: isObject(block)
      ? { by: text(block["by"]) ?? "", reason: text(block["reason"]) ?? "", at: instant(text(block["at"])) }
      : null,
    tickets: number(from["tickets_count"]) ?? 0,
    notes: number(from["notes_count"]) ?? 0,
    recent: objects(from["recent_tickets"]).flatMap((each) => {
      const id = text(each["ticket_id"]);
      return id === null
        ? []
        : [
            {
              id,
              subject: text(each["subject"]) ?? "(no subject)",
              status: text(each["status"]) ?? "unknown",
              at: instant(text(each["created_at"])),
            },
          ];
    }),
  };
}
