import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { itemsOf, text } from "../../lib/json";
import { messageOf } from "../../lib/problem";
import { useTyped } from "../../lib/useTyped";
import { Combobox } from "../../ui/Combobox";
import type { Option } from "../../ui/Field";
import { Problem } from "../../ui/Notice";
import { Skeleton } from "../../ui/States";
import { pathOf, Reason, seen, type ChangeProps } from "./Changes";
import { customerOf, type Customer } from "./customer";
import { FormDialog } from "./FormDialog";

/** Another customer who is the same person is taken in: chosen, looked at, and then merged for good. */
export function MergeDialog({ customer, api, onClose, onDone }: ChangeProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const [wanted, setWanted] = useState("");
  const [, setTyped] = useTyped(wanted, setWanted);
  const found = useQuery({
    queryKey: ["customers", "to merge", wanted.trim()],
    queryFn: async ({ signal }) =>
      itemsOf((await api.get(`/api/v1/customers?limit=20${wanted.trim() === "" ? "" : `&q=${encodeURIComponent(wanted.trim())}`}`, signal)).body),
    placeholderData: (before) => before,
    retry: false,
  });
  // Read anew each time: what is confirmed must be what is there.
  const other = useQuery({
    queryKey: ["customer", chosen, "to merge"],
    queryFn: async ({ signal }) => {
      const { body, etag } = await api.get(`/api/v1/customers/${encodeURIComponent(chosen ?? "")}`, signal);
      return customerOf(body, etag);
    },
    enabled: chosen !== null,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const options: Option[] = (found.data ?? []).flatMap((each) => {
    const id = text(each["customer_id"]);
    const email = text(each["email"]) ?? "";
    const name = text(each["name"]);
    return id === null || id === customer.id || text(each["erased_at"]) !== null
      ? []
      : [{ value: id, label: name === null ? email : `${name}, ${email}` }];
  });
  const taken = other.data ?? null;
  const isSame = taken !== null && taken.id === customer.id;
  const shown: Option[] =
    taken === null || options.some(({ value }) => value === chosen) ? options : [{ value: chosen ?? "", label: taken.name ?? taken.email }, ...options];
  return (
    <FormDialog
      title="Merge with another customer"
      description={`Whoever is the same person is taken in by ${customer.name ?? customer.email}.`}
      confirm="Merge for good"
      danger
      disabled={taken === null || isSame || other.isFetching || reason.trim() === ""}
      onClose={onClose}
      onSubmit={async () => {
        if (taken !== null) {
          await api.post(`${pathOf(customer)}/merge`, { customer_id: taken.id, reason: reason.trim() }, seen(customer));
          onDone(`${taken.name ?? taken.email} was taken in`);
        }
      }}
    >
      {(problems) => (
        <>
          <Combobox
            label="The other customer"
            value={chosen}
            options={shown}
            placeholder="Choose by address or name"
            emptyText={found.isError ? "Customers cannot be searched now." : "Nobody is found. The search looks for the beginning of an address or a name."}
            onSearch={setTyped}
            onChange={setChosen}
          />
          {problems.has("customer_id") && <Problem>{`The other customer: ${problems.get("customer_id") ?? ""}`}</Problem>}
          {chosen !== null &&
            (other.isError ? (
              <Problem>{messageOf(other.error)}</Problem>
            ) : isSame ? (
              <Problem>That one was merged into this customer already.</Problem>
            ) : taken === null ? (
              other.isFetching ? (
                <Skeleton className="h-28 w-full rounded-md" />
              ) : (
                <Problem>This customer cannot be shown.</Problem>
              )
            ) : (
              <Outcome customer={customer} other={taken} />
            ))}
          <Reason value={reason} problem={problems.get("reason")} onChange={setReason} />
        </>
      )}
    </FormDialog>
  );
}

/** What the service will make of the two. */
function Outcome({ customer, other }: { customer: Customer; other: Customer }) {
  const emails = other.identities.filter(({ type }) => type === "email").map(({ value }) => value);
  const external = other.identities.filter(({ type }) => type !== "email").map(({ source, value }) => `${source ?? "id"} ${value}`);
  const isBlocked = customer.blocked || other.blocked;
  return (
    <dl aria-label="What will happen" className="flex flex-col gap-2 rounded-md bg-raised p-3">
      <Line name="Comes here">
        {[
          counted(other.ticketsCount, "ticket"),
          counted(other.notesCount, "note"),
          ...(emails.length > 0 ? emails : [other.email]),
          ...external,
        ].join(", ")}
      </Line>
      <Line name="Name">
        {customer.name !== null
          ? other.name !== null && other.name !== customer.name
            ? `${customer.name} stays; ${other.name} is given up`
            : customer.name
          : other.name !== null
            ? `${other.name}, from the other`
            : "None"}
      </Line>
      <Line name="Address shown">{customer.email}</Line>
      {isBlocked && (
        <Line name="Block">
          {customer.blocked
            ? "This customer stays blocked, for all addresses"
            : "The other one is blocked: this customer will be, for all addresses"}
        </Line>
      )}
      <Line name="Answers">Go to the address that each ticket came from, as before.</Line>
      <Line name="The other one">Is no customer of its own any more; its address leads here. This cannot be undone.</Line>
    </dl>
  );
}

function Line({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="font-medium">{name}</dt>
      <dd className="text-muted wrap-anywhere">{children}</dd>
    </div>
  );
}

function counted(count: number, what: string): string {
  return count === 0 ? `no ${what}s` : count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
