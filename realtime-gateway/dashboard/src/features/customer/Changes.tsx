import { useState } from "react";
import type { Api } from "../../lib/api";
import { Select, TextField } from "../../ui/Field";
import type { Customer } from "./customer";
import { FormDialog } from "./FormDialog";

export interface ChangeProps {
  readonly customer: Customer;
  readonly api: Api;
  readonly onClose: () => void;
  /** Called when it is done, before the dialog closes. */
  readonly onDone: (said: string) => void;
}

export const pathOf = ({ id }: Customer) => `/api/v1/customers/${encodeURIComponent(id)}`;
export const seen = ({ etag }: Customer) => (etag === null ? {} : { ifMatch: etag });

/** Both ways: to block, and to take a block away. */
export function BlockDialog({ customer, api, onClose, onDone }: ChangeProps) {
  const [reason, setReason] = useState("");
  const verb = customer.blocked ? "Unblock" : "Block";
  return (
    <FormDialog
      title={`${verb} ${customer.name ?? customer.email}?`}
      description={
        customer.blocked
          ? "New mail of this customer is worked again."
          : "Mail of this customer, from any of the addresses, is filed and not worked."
      }
      confirm={verb}
      danger={!customer.blocked}
      disabled={reason.trim() === ""}
      onClose={onClose}
      onSubmit={async () => {
        const path = `${pathOf(customer)}/${customer.blocked ? "unblock" : "block"}`;
        await api.post(path, { reason: reason.trim() }, seen(customer));
        onDone(customer.blocked ? "Customer unblocked" : "Customer blocked");
      }}
    >
      {(problems) => <Reason value={reason} problem={problems.get("reason")} onChange={setReason} />}
    </FormDialog>
  );
}

export function RenameDialog({ customer, api, onClose, onDone }: ChangeProps) {
  const [name, setName] = useState(customer.name ?? "");
  return (
    <FormDialog
      title="Name of the customer"
      confirm="Save"
      onClose={onClose}
      onSubmit={async () => {
        await api.patch(pathOf(customer), { name: name.trim() === "" ? null : name.trim() }, seen(customer));
        onDone("Name saved");
      }}
    >
      {(problems) => (
        <TextField
          label="Name"
          hint="Empty takes the name away."
          value={name}
          maxLength={200}
          autoComplete="off"
          problem={problems.get("name")}
          onChange={(event) => setName(event.target.value)}
        />
      )}
    </FormDialog>
  );
}

export function IdentityDialog({ customer, api, onClose, onDone }: ChangeProps) {
  const [type, setType] = useState("email");
  const [source, setSource] = useState("");
  const [value, setValue] = useState("");
  const isExternal = type === "external";
  return (
    <FormDialog
      title="Add an identity"
      description="What comes from it belongs to this customer from then on."
      confirm="Add"
      disabled={value.trim() === "" || (isExternal && source.trim() === "")}
      onClose={onClose}
      onSubmit={async () => {
        const identity = { type, value: value.trim(), ...(isExternal ? { source: source.trim() } : {}) };
        await api.post(`${pathOf(customer)}/identities`, identity);
        onDone("Identity added");
      }}
    >
      {(problems) => (
        <>
          <Select
            label="Kind"
            value={type}
            options={[
              { value: "email", label: "E-mail address" },
              { value: "external", label: "Id in another system" },
            ]}
            problem={problems.get("type")}
            onChange={setType}
          />
          {isExternal && (
            <TextField
              label="System"
              placeholder="zendesk"
              value={source}
              maxLength={200}
              autoComplete="off"
              problem={problems.get("source")}
              onChange={(event) => setSource(event.target.value)}
            />
          )}
          <TextField
            label={isExternal ? "Id" : "Address"}
            type={isExternal ? "text" : "email"}
            value={value}
            maxLength={254}
            autoComplete="off"
            problem={problems.get("value")}
            onChange={(event) => setValue(event.target.value)}
          />
        </>
      )}
    </FormDialog>
  );
}

/** For good, so it takes the address, typed, and a reason. */
export function EraseDialog({ customer, api, onClose, onDone }: ChangeProps) {
  const [confirmed, setConfirmed] = useState("");
  const [reason, setReason] = useState("");
  const isConfirmed = confirmed.trim().toLowerCase() === customer.email.toLowerCase();
  return (
    <FormDialog
      title="Erase this customer's personal data?"
      description="This cannot be undone."
      confirm="Erase for good"
      danger
      disabled={!isConfirmed || reason.trim() === ""}
      onClose={onClose}
      onSubmit={async () => {
        await api.post(`${pathOf(customer)}/erase`, { confirm: confirmed.trim(), reason: reason.trim() });
        onDone("Personal data erased");
      }}
    >
      {(problems) => (
        <>
          <dl className="flex flex-col gap-2 rounded-md bg-raised p-3">
            <div>
              <dt className="font-medium">Goes</dt>
              <dd className="text-muted">
                Addresses, name, identities, notes; subject, text, messages and files of {ticketsOf(customer.ticketsCount)};
                what the agent and the actions keep of them.
              </dd>
            </div>
            <div>
              <dt className="font-medium">Stays</dt>
              <dd className="text-muted">Ids, times, states, categories, amounts and counts, and who decided what.</dd>
            </div>
          </dl>
          <TextField
            label={`Type ${customer.email} to go on`}
            value={confirmed}
            autoComplete="off"
            problem={problems.get("confirm")}
            onChange={(event) => setConfirmed(event.target.value)}
          />
          <Reason value={reason} problem={problems.get("reason")} onChange={setReason} />
        </>
      )}
    </FormDialog>
  );
}

export function Reason({
  value,
  problem,
  onChange,
}: {
  value: string;
  problem: string | undefined;
  onChange: (value: string) => void;
}) {
  return (
    <TextField
      label="Reason"
      hint="Kept in the audit log for good: no personal data, please."
      value={value}
      maxLength={1_000}
      autoComplete="off"
      problem={problem}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function ticketsOf(count: number): string {
  return count === 1 ? "the one ticket" : `all ${count} tickets`;
}
