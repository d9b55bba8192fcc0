import { useQueryClient } from "@tanstack/react-query";
import { Plus, RotateCw, Send, Trash2, Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";
import { useApi } from "../../lib/api";
import { dateTime, instant, words } from "../../lib/format";
import { isObject, itemsOf, pretty, text, type JsonObject } from "../../lib/json";
import { messageOf } from "../../lib/problem";
import { read, useList, useView } from "../../lib/useView";
import { count, number, texts } from "../../lib/values";
import { Badge, StatusBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { CopyId } from "../../ui/CopyId";
import { ConfirmDialog, Sheet } from "../../ui/Dialog";
import { Checkbox, Select, TextField } from "../../ui/Field";
import { Panel } from "../../ui/Panel";
import { EmptyState } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { Choices, FormSheet, Loaded, useForm, versioned, type Versioned } from "./form";
import { noticeOptions } from "./noticeTypes";
import { SecretDialog } from "./Secret";

interface Hook {
  readonly id: string;
  readonly url: string;
  readonly types: readonly string[];
  readonly description: string;
  readonly disabled: boolean;
  readonly reason: string | null;
  readonly failingSince: number | null;
  readonly previousUntil: number | null;
}

interface Draft {
  readonly url: string;
  readonly types: readonly string[];
  readonly description: string;
  readonly disabled: boolean;
}

const KEY = ["settings", "webhooks"] as const;
const NEW: Draft = { url: "", types: ["approval.*"], description: "", disabled: false };
const REASONS: ReadonlyMap<string, string> = new Map([
  ["by_hand", "by a person"],
  ["gone", "it answered that it is gone"],
  ["failing", "nothing arrived for five days"],
]);

export function Webhooks() {
  const view = useView(KEY, read("/api/v1/webhooks", ({ body }) => itemsOf(body).flatMap((item) => hookOf(item) ?? [])));
  const [editing, setEditing] = useState<string | null>(null);
  const [log, setLog] = useState<Hook | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Loaded view={view}>
      {(hooks) => (
        <>
          <Panel
            title="Webhooks"
            count={hooks.length}
            actions={
              <>
                <Age at={view.at} />
                <Button size="small" icon={Plus} className="ml-auto" onClick={() => setEditing("")}>
                  Add
                </Button>
              </>
            }
          >
            {hooks.length === 0 ? (
              <EmptyState title="No webhooks yet" icon={WebhookIcon}>Add an address of yours, and it is told what needs a person and what was decided.</EmptyState>
            ) : (
              <ul role="list" aria-label="Webhooks">
                {hooks.map((hook) => (
                  <HookRow key={hook.id} hook={hook} onEdit={() => setEditing(hook.id)} onLog={() => setLog(hook)} />
                ))}
              </ul>
            )}
          </Panel>
          {editing === "" && <HookForm saved={{ value: NEW, etag: null }} hook={null} onClose={() => setEditing(null)} onSecret={setSecret} />}
          {editing !== null && editing !== "" && <Existing key={editing} id={editing} onClose={() => setEditing(null)} onSecret={setSecret} />}
          {log !== null && <Deliveries hook={log} onClose={() => setLog(null)} />}
          {secret !== null && (
            <SecretDialog
              title="The webhook's secret"
              secrets={{ secret }}
              note="Check the signature of each request with it, over the bytes as they came (Standard Webhooks)."
              onClose={() => setSecret(null)}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

function HookRow({ hook, onEdit, onLog }: { hook: Hook; onEdit: () => void; onLog: () => void }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-b-0">
      <div className="min-w-0 flex-1 basis-52">
        <p className="font-medium wrap-anywhere">{hook.url}</p>
        <p className="text-xs text-muted wrap-anywhere">
          {hook.types.includes("*") ? "Everything" : hook.types.join(", ")}
          {hook.description !== "" && ` · ${hook.description}`}
        </p>
        {hook.disabled && hook.reason !== null && <p className="text-xs text-warn">Switched off: {REASONS.get(hook.reason) ?? hook.reason}</p>}
        {!hook.disabled && hook.failingSince !== null && (
          <p className="text-xs text-bad">
            Fails since <Time at={hook.failingSince} />
          </p>
        )}
      </div>
      <span className="hidden sm:block">
        <CopyId id={hook.id} name="webhook id" />
      </span>
      <Badge tone={hook.disabled ? "neutral" : hook.failingSince !== null ? "bad" : "good"}>{hook.disabled ? "Off" : hook.failingSince !== null ? "Fails" : "On"}</Badge>
      <div className="flex gap-2">
        <Button size="small" aria-label={`Deliveries to ${hook.url}`} onClick={onLog}>
          Deliveries
        </Button>
        <Button size="small" aria-label={`Edit ${hook.url}`} onClick={onEdit}>
          Edit
        </Button>
      </div>
    </li>
  );
}

function Existing({ id, onClose, onSecret }: { id: string; onClose: () => void; onSecret: (secret: string) => void }) {
  const view = useView([...KEY, id], read(`/api/v1/webhooks/${id}`, versioned((body) => (isObject(body) ? hookOf(body) : null))));
  const hook = view.data?.value ?? null;
  return hook === null || view.data === undefined ? null : <HookForm saved={{ value: draftOf(hook), etag: view.data.etag }} hook={hook} onClose={onClose} onSecret={onSecret} />;
}

function HookForm({ saved, hook, onClose, onSecret }: { saved: Versioned<Draft>; hook: Hook | null; onClose: () => void; onSecret: (secret: string) => void }) {
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const [asking, setAsking] = useState<"delete" | "rotate" | null>(null);
  const path = hook === null ? "/api/v1/webhooks" : `/api/v1/webhooks/${hook.id}`;
  const shown = (body: unknown) => {
    const secret = isObject(body) ? text(body["secret"]) : null;
    if (secret !== null) {
      onSecret(secret);
    }
  };
  const form = useForm<Draft>({
    saved,
    save: async ({ url, types, description, disabled }, etag) => {
      const sent = { url: url.trim(), event_types: types, description, disabled };
      const { body } = hook === null ? await api.post(path, sent) : await api.put(path, sent, etag === null ? {} : { ifMatch: etag });
      shown(body);
    },
    keys: [KEY],
    done: hook === null ? "The webhook is added" : "The webhook is saved",
    onDone: onClose,
  });
  const { value, set, problem } = form;
  return (
    <FormSheet form={form} isNew={hook === null} title={hook === null ? "Add a webhook" : "Webhook"} submit={hook === null ? "Add" : "Save"} onClose={onClose}>
      <TextField label="Address" type="url" placeholder="https://example.com/opsrelay" value={value.url} problem={problem("url")} onChange={(event) => set({ url: event.target.value })} autoComplete="off" />
      <TextField label="Description" value={value.description} problem={problem("description")} onChange={(event) => set({ description: event.target.value })} autoComplete="off" />
      <Choices label="Is told" options={noticeOptions(value.types)} value={value.types} problem={problem("event_types")} onChange={(types) => set({ types })} />
      <div className="border-t border-line pt-3">
        <Checkbox label="Switched on" checked={!value.disabled} onChange={(on) => set({ disabled: !on })} />
      </div>
      {hook !== null && (
        <div className="flex flex-wrap items-center gap-2 border-t border-line pt-3">
          <Button size="small" icon={RotateCw} onClick={() => setAsking("rotate")}>
            Rotate the secret
          </Button>
          <Button look="bad" size="small" icon={Trash2} onClick={() => setAsking("delete")}>
            Delete
          </Button>
          {hook.previousUntil !== null && (
            <p className="w-full text-xs text-muted">
              The secret before ends <Time at={hook.previousUntil} />.
            </p>
          )}
        </div>
      )}
      <ConfirmDialog
        open={asking === "rotate"}
        onClose={() => setAsking(null)}
        title="Make a new secret?"
        description="It is shown once. For 24 hours both sign."
        confirm="Rotate"
        onConfirm={async () => {
          const { body } = await api.post(`${path}/rotate-secret`);
          await client.invalidateQueries({ queryKey: KEY });
          shown(body);
        }}
      />
      <ConfirmDialog
        open={asking === "delete"}
        onClose={() => setAsking(null)}
        title="Delete this webhook?"
        description={`${hook?.url ?? ""} is told nothing more, and its log is gone. This cannot be undone.`}
        confirm="Delete"
        danger
        onConfirm={async () => {
          await api.delete(path, saved.etag === null ? {} : { ifMatch: saved.etag });
          onClose();
          await client.invalidateQueries({ queryKey: KEY });
          toast({ title: "The webhook is deleted", tone: "good" });
        }}
      />
    </FormSheet>
  );
}

interface Delivery {
  readonly id: string;
  readonly messageId: string;
  readonly type: string;
  readonly status: string;
  readonly body: string;
  readonly attempts: readonly Attempt[];
  readonly nextAt: number | null;
  readonly createdAt: number | null;
}

interface Attempt {
  readonly at: number | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly ms: number;
  readonly answer: string | null;
}

const COLUMNS: readonly Column<Delivery>[] = [
  { id: "type", header: "Notice", grow: 2, cell: ({ type }) => <span className="truncate font-medium">{type}</span> },
  { id: "status", header: "Status", width: 110, cell: ({ status }) => <StatusBadge status={status} /> },
  { id: "attempts", header: "Tries", width: 60, align: "end", wideOnly: true, cell: ({ attempts }) => attempts.length },
  { id: "at", header: "Made", width: 90, align: "end", cell: ({ createdAt }) => <Time at={createdAt} className="text-muted" /> },
];
const STATUSES = [{ value: "", label: "Any status" }, ...["pending", "delivered", "failed"].map((value) => ({ value, label: words(value) }))];

function Deliveries({ hook, onClose }: { hook: Hook; onClose: () => void }) {
  const api = useApi();
  const toast = useToast();
  const [status, setStatus] = useState("");
  const [open, setOpen] = useState<string | null>(null);
  const [replaying, setReplaying] = useState(false);
  const path = `/api/v1/webhooks/${hook.id}`;
  const list = useList([...KEY, hook.id, "deliveries"], `${path}/deliveries?limit=50${status === "" ? "" : `&status=${status}`}`, deliveryOf, { pollWhenNotLive: 5_000 });
  const act = async (task: () => Promise<unknown>, done: string) => {
    try {
      await task();
      toast({ title: done, tone: "good" });
    } catch (reason) {
      toast({ title: messageOf(reason), tone: "bad" });
    }
    list.refresh();
  };
  const chosen = list.data?.find(({ id }) => id === open) ?? null;
  return (
    <Sheet wide open onClose={onClose} title="Deliveries" description={hook.url}>
      <div className="flex h-full min-h-96 flex-col gap-3">
        <div className="flex flex-wrap items-center gap-2">
          <Select label="Status" labelHidden value={status} options={STATUSES} onChange={setStatus} className="w-36" />
          <Age at={list.at} />
          <div className="ml-auto flex gap-2">
            <Button size="small" icon={Send} disabled={hook.disabled} onClick={() => void act(() => api.post(`${path}/test`), "A test is on its way")}>
              Send a test
            </Button>
            <Button size="small" icon={RotateCw} onClick={() => setReplaying(true)}>
              Send failed again
            </Button>
          </div>
        </div>
        <div className="flex min-h-48 flex-1 flex-col rounded-lg border border-line">
          <DataTable
            label="Deliveries"
            columns={COLUMNS}
            rows={list.data}
            isOld={list.isOld}
            rowId={({ id }) => id}
            onOpen={({ id }) => setOpen(id === open ? null : id)}
            openId={open}
            error={list.error}
            onRetry={list.refresh}
            onMore={list.more}
            isLoadingMore={list.isLoadingMore}
            narrow={(row) => (
              <div className="flex min-w-0 flex-col gap-1">
                <span className="truncate font-medium">{row.type}</span>
                <span className="flex items-center gap-2 text-xs text-muted">
                  <StatusBadge status={row.status} />
                  <Time at={row.createdAt} />
                </span>
              </div>
            )}
            empty={<EmptyState title="Nothing was sent yet">The log keeps what was sent for 30 days.</EmptyState>}
          />
        </div>
        {chosen !== null && (
          <DeliveryDetail
            delivery={chosen}
            onReplay={() => void act(() => api.post(`${path}/deliveries/${chosen.id}/replay`), "It is sent again")}
          />
        )}
      </div>
      <ConfirmDialog
        open={replaying}
        onClose={() => setReplaying(false)}
        title="Send again what failed in the last 24 hours?"
        description="Each keeps its webhook-id, so that a receiver can tell it has it already. At most a thousand at a time."
        confirm="Send again"
        onConfirm={async () => {
          const { body } = await api.post(`${path}/replay`, { since: new Date(Date.now() - 86_400_000).toISOString() });
          const answer = isObject(body) ? body : {};
          toast({ title: `${count(number(answer["replayed"]) ?? 0)} are sent again`, ...(answer["more"] === true ? { detail: "There are more: ask again." } : {}), tone: "good" });
          list.refresh();
        }}
      />
    </Sheet>
  );
}

function DeliveryDetail({ delivery, onReplay }: { delivery: Delivery; onReplay: () => void }) {
  return (
    <section aria-label={`Delivery of ${delivery.type}`} className="flex flex-col gap-2 border-t border-line pt-3">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-semibold">{delivery.type}</h3>
        <CopyId id={delivery.messageId} name="webhook-id" />
        {delivery.nextAt !== null && delivery.status === "pending" && (
          <span className="text-xs text-muted">
            tried again <Time at={delivery.nextAt} />
          </span>
        )}
        <Button size="small" className="ml-auto" onClick={onReplay}>
          Send again
        </Button>
      </div>
      {delivery.attempts.length === 0 ? (
        <p className="text-muted">Not tried yet.</p>
      ) : (
        <ol role="list" aria-label="Attempts" className="flex flex-col gap-1">
          {delivery.attempts.map((attempt, index) => (
            <li key={index} className="text-xs wrap-anywhere">
              <span className="tabular-nums">{attempt.at === null ? "" : dateTime(attempt.at)}</span>{" "}
              <span className="font-medium">{attempt.status ?? attempt.error ?? "no answer"}</span> <span className="text-muted tabular-nums">{count(attempt.ms)} ms</span>
              {attempt.status !== null && attempt.error !== null && <span className="text-bad"> {attempt.error}</span>}
              {attempt.answer !== null && <span className="block text-muted">{attempt.answer}</span>}
            </li>
          ))}
        </ol>
      )}
      <pre tabIndex={0} aria-label="Body" className="max-h-56 overflow-auto rounded-md border border-line bg-canvas px-2.5 py-1.5 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">
        {prettyBody(delivery.body)}
      </pre>
    </section>
  );
}

function prettyBody(body: string): string {
  try {
    return pretty(JSON.parse(body));
  } catch {
    return body;
  }
}

function draftOf({ url, types, description, disabled }: Hook): Draft {
  return { url, types, description, disabled };
}

function hookOf(item: JsonObject): Hook | null {
  const id = text(item["webhook_id"]);
  return id === null
    ? null
    : {
        id,
        url: text(item["url"]) ?? "",
        types: texts(item["event_types"]),
        description: text(item["description"]) ?? "",
        disabled: item["disabled"] === true,
        reason: text(item["disabled_reason"]),
        failingSince: instant(text(item["failing_since"])),
        previousUntil: instant(text(item["previous_secret_until"])),
      };
}

function deliveryOf(item: JsonObject): Delivery | null {
  const id = text(item["delivery_id"]);
  return id === null
    ? null
    : {
        id,
        messageId: text(item["message_id"]) ?? "",
        type: text(item["event_type"]) ?? "",
        status: text(item["status"]) ?? "pending",
        body: text(item["body"]) ?? "",
        attempts: itemsOf({ items: item["attempts"] }).map((attempt) => ({
          at: instant(text(attempt["at"])),
          status: number(attempt["status"]),
          error: text(attempt["error"]),
          ms: number(attempt["duration_ms"]) ?? 0,
          answer: text(attempt["answer"]),
        })),
        nextAt: instant(text(item["next_attempt_at"])),
        createdAt: instant(text(item["created_at"])),
      };
}
