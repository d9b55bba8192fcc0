import { Bell, Plus, X } from "lucide-react";
import { useApi } from "../../lib/api";
import { instant } from "../../lib/format";
import { isObject, itemsOf, text } from "../../lib/json";
import { read, useList, useView } from "../../lib/useView";
import { count, number, texts } from "../../lib/values";
import { StatusBadge } from "../../ui/Badge";
import { Button, IconButton } from "../../ui/Button";
import { Select, TextField } from "../../ui/Field";
import { Banner } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { EmptyState } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import type { JsonObject } from "../../lib/json";
import { Choices, FormOnPage, Loaded, useForm, versioned, type Versioned } from "./form";
import { noticeOptions } from "./noticeTypes";

interface Recipient {
  readonly address: string;
  readonly role: string;
  readonly types: readonly string[];
}

interface Settings {
  readonly recipients: readonly Recipient[];
  readonly available: boolean;
}

const KEY = ["settings", "notifications"] as const;
const ROLES = [
  { value: "", label: "Of everything" },
  { value: "approver", label: "What approvers may decide" },
  { value: "sre", label: "What SREs may decide" },
  { value: "admin", label: "What administrators may decide" },
];

export function Notifications() {
  const view = useView(KEY, read("/api/v1/notifications/settings", versioned(settingsOf)));
  return (
    <>
      <Loaded view={view}>{(saved) => <RecipientsForm saved={saved} />}</Loaded>
      <Sent />
    </>
  );
}

function RecipientsForm({ saved }: { saved: Versioned<Settings> }) {
  const api = useApi();
  const form = useForm<{ recipients: readonly Recipient[] }>({
    saved: { value: { recipients: saved.value.recipients }, etag: saved.etag },
    save: ({ recipients }, etag) =>
      api.put(
        "/api/v1/notifications/settings",
        { recipients: recipients.map(({ address, role, types }) => ({ address: address.trim(), ...(role === "" ? {} : { role }), event_types: types })) },
        etag === null ? {} : { ifMatch: etag },
      ),
    keys: [KEY],
    done: "Saved. They are told from now on.",
  });
  const { recipients } = form.value;
  const change = (index: number, next: Partial<Recipient>) => form.set({ recipients: recipients.map((each, at) => (at === index ? { ...each, ...next } : each)) });
  return (
    <FormOnPage form={form} label="Recipients">
      {!saved.value.available && (
        <div className="overflow-hidden rounded-md">
          <Banner tone="warn">This installation has no mail server: nothing is sent until one is configured.</Banner>
        </div>
      )}
      <Panel
        title="Recipients"
        count={recipients.length}
        actions={
          <Button size="small" icon={Plus} className="ml-auto" onClick={() => form.set({ recipients: [...recipients, { address: "", role: "", types: ["approval.*"] }] })}>
            Add
          </Button>
        }
      >
        {recipients.length === 0 ? (
          <EmptyState title="Nobody is told by e-mail" icon={Bell}>Add an address, and say what it is told.</EmptyState>
        ) : (
          <ul role="list" aria-label="Recipients">
            {recipients.map((recipient, index) => (
              <li key={index} className="flex flex-col gap-3 border-b border-line p-3 last:border-b-0">
                <div className="flex flex-wrap items-end gap-2">
                  <TextField
                    label={`Address ${index + 1}`}
                    type="email"
                    value={recipient.address}
                    problem={form.problem(`recipients[${index}].address`, `recipients.${index}.address`)}
                    onChange={(event) => change(index, { address: event.target.value })}
                    className="min-w-0 flex-1 basis-52"
                    autoComplete="off"
                  />
                  <Select label="Is told" value={recipient.role} options={ROLES} onChange={(role) => change(index, { role })} className="w-60" />
                  <IconButton label={`Remove ${recipient.address === "" ? `address ${index + 1}` : recipient.address}`} icon={X} onClick={() => form.set({ recipients: recipients.filter((_, at) => at !== index) })} />
                </div>
                <Choices
                  label="When"
                  options={noticeOptions(recipient.types)}
                  value={recipient.types}
                  problem={form.problem(`recipients[${index}].event_types`, `recipients.${index}.event_types`)}
                  onChange={(types) => change(index, { types })}
                />
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </FormOnPage>
  );
}

interface Mail {
  readonly id: string;
  readonly recipient: string;
  readonly status: string;
  readonly notices: number;
  readonly error: string | null;
  readonly at: number | null;
}

function Sent() {
  const list = useList([...KEY, "emails"], "/api/v1/notifications/emails?limit=20", mailOf);
  if (list.data === undefined || list.data.length === 0) {
    return null;
  }
  return (
    <Panel title="Sent" actions={<Age at={list.at} />}>
      <ul role="list" aria-label="Sent">
        {list.data.map(({ id, recipient, status, notices, error, at }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-b-0">
            <div className="min-w-0 flex-1 basis-40">
              <p className="truncate">{recipient}</p>
              {error !== null && <p className="text-xs text-bad wrap-anywhere">{error}</p>}
            </div>
            <span className="text-xs text-muted tabular-nums">
              {count(notices)} {notices === 1 ? "notice" : "notices"}
            </span>
            <StatusBadge status={status} />
            <Time at={at} className="text-xs text-muted" />
          </li>
        ))}
      </ul>
      {list.more !== undefined && (
        <div className="border-t border-line p-2">
          <Button look="quiet" size="small" className="w-full" disabled={list.isLoadingMore} onClick={list.more}>
            Show more
          </Button>
        </div>
      )}
    </Panel>
  );
}

function mailOf(item: JsonObject): Mail | null {
  const id = text(item["email_id"]);
  return id === null
    ? null
    : {
        id,
        recipient: text(item["recipient"]) ?? "",
        status: text(item["status"]) ?? "pending",
        notices: number(item["notices"]) ?? 0,
        error: text(item["error"]),
        at: instant(text(item["settled_at"]) ?? text(item["created_at"])),
      };
}

function settingsOf(body: unknown): Settings {
  const data = isObject(body) ? body : {};
  return {
    available: data["email_available"] !== false,
    recipients: itemsOf({ items: data["recipients"] }).map((each) => ({
      address: text(each["address"]) ?? "",
      role: text(each["role"]) ?? "",
      types: texts(each["event_types"]),
    })),
  };
}
