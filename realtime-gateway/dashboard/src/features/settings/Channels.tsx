import { useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plug, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useApi } from "../../lib/api";
import { instant } from "../../lib/format";
import { isObject, itemsOf, text, type JsonObject } from "../../lib/json";
import { read, useView } from "../../lib/useView";
import { listOf, number, texts } from "../../lib/values";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { CopyId } from "../../ui/CopyId";
import { ConfirmDialog } from "../../ui/Dialog";
import { Checkbox, Select, TextArea, TextField } from "../../ui/Field";
import { Panel } from "../../ui/Panel";
import { EmptyState } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { explained, FormSheet, Loaded, useForm, versioned, type Versioned } from "./form";
import { Copied, SecretDialog } from "./Secret";

interface Secret {
  readonly name: string;
  readonly setAt: number | null;
  readonly previousUntil: number | null;
}

interface Channel {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly addresses: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: readonly Secret[];
  readonly enabled: boolean;
  readonly webhookPath: string | null;
}

interface Mailbox {
  readonly polledAt: number | null;
  readonly failingSince: number | null;
  readonly lastError: string | null;
}

interface Draft {
  readonly kind: string;
  readonly name: string;
  readonly addresses: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly enabled: boolean;
}

interface Kind {
  readonly label: string;
  readonly settings: readonly string[];
  readonly required?: readonly string[];
  readonly secrets: readonly string[];
  /** Secrets that are made by the service if none is given. */
  readonly made?: readonly string[];
}

/** As docs/channels.md has them. A channel of another kind is shown with what it has. */
const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["email-generic", { label: "E-mail by webhook", settings: ["authserv_id", "vouches_for_sender"], secrets: ["signing_secret"], made: ["signing_secret"] }],
  ["email-sendgrid", { label: "SendGrid, in", settings: ["public_key", "public_key_previous", "authserv_id"], required: ["public_key"], secrets: [] }],
  ["email-mailgun", { label: "Mailgun, in", settings: ["authserv_id", "spam_filter"], secrets: ["signing_key"] }],
  ["email-postmark", { label: "Postmark, in", settings: ["username", "authserv_id"], required: ["username"], secrets: ["password"], made: ["password"] }],
  ["imap", { label: "Mailbox (IMAP)", settings: ["host", "username", "port", "security", "folder", "begin", "poll_seconds", "authserv_id"], required: ["host", "username"], secrets: ["password"] }],
  ["smtp", { label: "Mail out", settings: ["provider", "host", "port", "security", "username", "from", "from_name", "reply_to", "reply_by_email", "domain", "region", "stream", "subject_tag"], secrets: ["password", "api_key"] }],
  ["upstream", { label: "Kafka topic", settings: ["source", "mapping", "format"], secrets: [] }],
  ["zendesk", { label: "Zendesk", settings: ["subdomain", "base_url", "email", "industry", "start_time", "write_back"], required: ["subdomain"], secrets: ["api_token", "oauth_token", "webhook_secret"] }],
]);
const HINTS: ReadonlyMap<string, string> = new Map([
  ["authserv_id", "The mail server whose Authentication-Results are believed"],
  ["vouches_for_sender", "true: whoever holds the secret answers for senders"],
  ["spam_filter", "on, where it is on at Mailgun for this domain"],
  ["security", "tls, starttls or none"],
  ["begin", "now, or all that is there"],
  ["public_key", "As SendGrid shows it"],
]);
const LONG: ReadonlySet<string> = new Set(["mapping", "public_key", "public_key_previous"]);
const KEY = ["settings", "channels"] as const;
const NEW: Draft = { kind: "email-generic", name: "", addresses: "", settings: {}, secrets: {}, enabled: true };

export function Channels() {
  const view = useView(KEY, read("/api/v1/channels", ({ body }) => itemsOf(body).flatMap((item) => channelOf(item) ?? [])));
  const mailboxes = useView(
    [...KEY, "mailboxes"],
    read("/api/v1/mails/mailboxes", ({ body }) => new Map(itemsOf(body).map((item) => [text(item["channel_id"]) ?? "", mailboxOf(item)]))),
  );
  const [open, setOpen] = useState<string | null>(null);
  const [made, setMade] = useState<{ title: string; secrets: Record<string, string>; note?: string } | null>(null);
  return (
    <Loaded view={view}>
      {(channels) => (
        <>
          <Panel
            title="Channels"
            count={channels.length}
            actions={
              <>
                <Age at={view.at} />
                <Button size="small" icon={Plus} className="ml-auto" onClick={() => setOpen("")}>
                  Add
                </Button>
              </>
            }
          >
            {channels.length === 0 ? (
              <EmptyState title="No channels yet" icon={Plug}>
                Tickets come in by the API already. Add an e-mail door, a mailbox or a ticket system to bring in more.
              </EmptyState>
            ) : (
              <ul role="list" aria-label="Channels">
                {channels.map((channel) => (
                  <ChannelRow key={channel.id} channel={channel} mailbox={mailboxes.data?.get(channel.id) ?? null} onOpen={() => setOpen(channel.id)} />
                ))}
              </ul>
            )}
          </Panel>
          {open === "" && <ChannelForm saved={{ value: NEW, etag: null }} channel={null} onClose={() => setOpen(null)} onMade={setMade} />}
          {open !== null && open !== "" && <Existing key={open} id={open} onClose={() => setOpen(null)} onMade={setMade} />}
          {made !== null && <SecretDialog {...made} onClose={() => setMade(null)} />}
        </>
      )}
    </Loaded>
  );
}

function ChannelRow({ channel, mailbox, onOpen }: { channel: Channel; mailbox: Mailbox | null; onOpen: () => void }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-b-0">
      <div className="min-w-0 flex-1 basis-52">
        <p className="truncate">
          <span className="font-medium">{channel.name}</span>
          <span className="text-muted"> · {KINDS.get(channel.kind)?.label ?? channel.kind}</span>
        </p>
        <p className="truncate text-xs text-muted">{channel.addresses.length === 0 ? "No address of its own" : channel.addresses.join(", ")}</p>
        {mailbox !== null &&
          (mailbox.failingSince === null ? (
            <p className="text-xs text-muted">
              Looked into <Time at={mailbox.polledAt} />
            </p>
          ) : (
            <p className="text-xs text-bad wrap-anywhere">
              Fails since <Time at={mailbox.failingSince} />: {mailbox.lastError}
            </p>
          ))}
      </div>
      <span className="hidden sm:block">
        <CopyId id={channel.id} name="channel id" />
      </span>
      <Badge tone={channel.enabled ? "good" : "neutral"}>{channel.enabled ? "On" : "Off"}</Badge>
      <Button size="small" aria-label={`Edit ${channel.name}`} onClick={onOpen}>
        Edit
      </Button>
    </li>
  );
}

type OnMade = (made: { title: string; secrets: Record<string, string>; note?: string }) => void;

function Existing({ id, onClose, onMade }: { id: string; onClose: () => void; onMade: OnMade }) {
  const view = useView([...KEY, id], read(`/api/v1/channels/${encodeURIComponent(id)}`, versioned((body) => (isObject(body) ? channelOf(body) : null))));
  const channel = view.data?.value ?? null;
  return channel === null || view.data === undefined ? null : (
    <ChannelForm saved={{ value: draftOf(channel), etag: view.data.etag }} channel={channel} onClose={onClose} onMade={onMade} />
  );
}

function ChannelForm({ saved, channel, onClose, onMade }: { saved: Versioned<Draft>; channel: Channel | null; onClose: () => void; onMade: OnMade }) {
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const [deleting, setDeleting] = useState(false);
  const [rotating, setRotating] = useState<string | null>(null);
  const path = channel === null ? "/api/v1/channels" : `/api/v1/channels/${encodeURIComponent(channel.id)}`;
  const shown = (body: unknown, title: string) => {
    const answer = isObject(body) ? body : {};
    const secrets = recordOf(answer["made"]);
    const webhook = text(answer["webhook_path"]);
    if (Object.keys(secrets).length > 0) {
      onMade({ title, secrets, ...(webhook === null ? {} : { note: `The provider posts to ${window.location.origin}${webhook}` }) });
    }
  };
  const form = useForm<Draft>({
    saved,
    save: async (draft, etag) => {
      const sent = bodyOf(draft);
      const { body } = channel === null ? await api.post(path, sent) : await api.put(path, sent, etag === null ? {} : { ifMatch: etag });
      shown(body, `The secret of ${draft.name}`);
    },
    keys: [KEY],
    done: channel === null ? "The channel is added" : "The channel is saved",
    onDone: onClose,
  });
  const { value, set, problem } = form;
  const kind = KINDS.get(value.kind);
  const names = [...new Set([...(kind?.settings ?? []), ...Object.keys(value.settings)])];
  return (
    <FormSheet form={form} isNew={channel === null} title={channel === null ? "Add a channel" : channel.name} submit={channel === null ? "Add" : "Save"} onClose={onClose}>
      {channel === null ? (
        <Select
          label="Kind"
          value={value.kind}
          problem={problem("kind")}
          options={[...KINDS].map(([id, { label }]) => ({ value: id, label }))}
          onChange={(next) => set({ kind: next, settings: {}, secrets: {} })}
        />
      ) : (
        <p className="flex items-center gap-2 text-muted">
          {kind?.label ?? channel.kind} <CopyId id={channel.id} name="channel id" full />
        </p>
      )}
      {channel?.webhookPath != null && <Copied name="The provider posts to" value={`${window.location.origin}${channel.webhookPath}`} />}
      <TextField label="Name" value={value.name} problem={problem("name")} onChange={(event) => set({ name: event.target.value })} autoComplete="off" />
      <TextArea
        label="Addresses"
        rows={2}
        hint="One a line; *@in.acme.example for all of a domain"
        value={value.addresses}
        problem={problem("addresses")}
        onChange={(event) => set({ addresses: event.target.value })}
      />
      {names.length > 0 && <h3 className="border-t border-line pt-3 font-semibold">Settings</h3>}
      {names.map((name) => {
        const common = {
          label: `${words(name)}${kind?.required?.includes(name) === true ? " (required)" : ""}`,
          value: value.settings[name] ?? "",
          hint: HINTS.get(name),
          problem: problem(`settings.${name}`, name),
          autoComplete: "off",
        };
        const change = (typed: string) => set({ settings: { ...value.settings, [name]: typed } });
        return LONG.has(name) ? (
          <TextArea key={name} {...common} rows={3} className="[&_textarea]:font-mono" onChange={(event) => change(event.target.value)} />
        ) : (
          <TextField key={name} {...common} onChange={(event) => change(event.target.value)} />
        );
      })}
      {channel === null && kind !== undefined && kind.secrets.length > 0 && (
        <>
          <h3 className="border-t border-line pt-3 font-semibold">Secrets</h3>
          {kind.secrets.map((name) => (
            <TextField
              key={name}
              label={words(name)}
              type="password"
              autoComplete="new-password"
              hint={kind.made?.includes(name) === true ? "Left empty, one is made and shown once" : undefined}
              value={value.secrets[name] ?? ""}
              problem={problem(`secrets.${name}`, name)}
              onChange={(event) => set({ secrets: { ...value.secrets, [name]: event.target.value } })}
            />
          ))}
        </>
      )}
      {channel !== null && (
        <>
          {(channel.secrets.length > 0 || (kind?.secrets.length ?? 0) > 0) && (
            <>
              <h3 className="border-t border-line pt-3 font-semibold">Secrets</h3>
              <ul role="list" aria-label="Secrets" className="flex flex-col gap-2">
                {[...new Set([...channel.secrets.map(({ name }) => name), ...(kind?.secrets ?? [])])].map((name) => {
                  const secret = channel.secrets.find((each) => each.name === name);
                  return (
                    <li key={name} className="flex flex-wrap items-center gap-2">
                      <KeyRound aria-hidden="true" className="size-4 text-muted" />
                      <div className="min-w-0 flex-1">
                        <p>{words(name)}</p>
                        <p className="text-xs text-muted">
                          {secret === undefined ? (
                            "Not set"
                          ) : (
                            <>
                              Set <Time at={secret.setAt} />
                              {secret.previousUntil !== null && (
                                <>
                                  ; the one before ends <Time at={secret.previousUntil} />
                                </>
                              )}
                            </>
                          )}
                        </p>
                      </div>
                      <Button size="small" aria-label={`${secret === undefined ? "Set" : "Rotate"} ${words(name)}`} onClick={() => setRotating(name)}>
                        {secret === undefined ? "Set" : "Rotate"}
                      </Button>
                    </li>
                  );
                })}
              </ul>
            </>
          )}
        </>
      )}
      <div className="border-t border-line pt-3">
        <Checkbox label="Switched on" checked={value.enabled} onChange={(enabled) => set({ enabled })} />
      </div>
      {channel !== null && (
        <div className="border-t border-line pt-3">
          <Button look="bad" size="small" icon={Trash2} onClick={() => setDeleting(true)}>
            Delete the channel
          </Button>
        </div>
      )}
      {rotating !== null && channel !== null && (
        <RotateDialog
          name={rotating}
          mayMake={kind?.made?.includes(rotating) === true}
          onClose={() => setRotating(null)}
          onRotate={async (typed) => {
            const { body } = await explained(api.post(`${path}/secrets/${encodeURIComponent(rotating)}/rotate`, typed === "" ? {} : { value: typed }));
            await client.invalidateQueries({ queryKey: KEY });
            toast({ title: `${words(rotating)} is new`, detail: "The one before stays good for 24 hours.", tone: "good" });
            shown(body, `The new secret of ${channel.name}`);
          }}
        />
      )}
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        title={`Delete ${channel?.name ?? ""}?`}
        description="What comes this way is refused from now on. Tickets stay. This cannot be undone."
        confirm="Delete"
        danger
        typed={channel?.name ?? ""}
        onConfirm={async () => {
          await api.delete(path, saved.etag === null ? {} : { ifMatch: saved.etag });
          onClose();
          await client.invalidateQueries({ queryKey: KEY });
          toast({ title: "The channel is deleted", tone: "good" });
        }}
      />
    </FormSheet>
  );
}

function RotateDialog({ name, mayMake, onClose, onRotate }: { name: string; mayMake: boolean; onClose: () => void; onRotate: (typed: string) => Promise<void> }) {
  const [typed, setTyped] = useState("");
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`New ${words(name).toLowerCase()}`}
      description="The one before stays good for 24 hours."
      confirm="Rotate"
      onConfirm={() => onRotate(typed)}
    >
      <TextField
        label="New value"
        type="password"
        autoComplete="new-password"
        hint={mayMake ? "Left empty, one is made and shown once" : "As the provider shows it"}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </ConfirmDialog>
  );
}

function words(name: string): string {
  const spaced = name.replaceAll("_", " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function draftOf({ kind, name, addresses, settings, enabled }: Channel): Draft {
  return { kind, name, addresses: addresses.join("\n"), settings, secrets: {}, enabled };
}

function bodyOf({ kind, name, addresses, settings, secrets, enabled }: Draft) {
  const filled = (values: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""));
  const given = filled(secrets);
  return { kind, name, addresses: listOf(addresses), settings: filled(settings), ...(Object.keys(given).length === 0 ? {} : { secrets: given }), enabled };
}

function recordOf(value: unknown): Record<string, string> {
  return isObject(value) ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string")) : {};
}

function channelOf(item: JsonObject): Channel | null {
  const id = text(item["channel_id"]);
  return id === null
    ? null
    : {
        id,
        kind: text(item["kind"]) ?? "",
        name: text(item["name"]) ?? id,
        addresses: texts(item["addresses"]),
        settings: recordOf(item["settings"]),
        secrets: itemsOf({ items: item["secrets"] }).map((secret) => ({
          name: text(secret["name"]) ?? "",
          setAt: instant(text(secret["set_at"])),
          previousUntil: instant(text(secret["previous_until"])),
        })),
        enabled: item["enabled"] !== false,
        webhookPath: text(item["webhook_path"]),
      };
}

function mailboxOf(item: JsonObject): Mailbox {
  return {
    polledAt: instant(text(item["polled_at"])),
    failingSince: (number(item["failures"]) ?? 0) === 0 ? null : instant(text(item["failing_since"])),
    lastError: text(item["last_error"]),
  };
}
