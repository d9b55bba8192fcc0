import { useNavigate, useSearch } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { MessageSquareText, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useApi } from "../../lib/api";
import { words } from "../../lib/format";
import { isObject, itemsOf, text } from "../../lib/json";
import { inBraces, PLACEHOLDERS } from "../../lib/placeholders";
import { useHasRole } from "../../lib/session";
import { read, useView } from "../../lib/useView";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/Dialog";
import { SearchField, TextArea, TextField } from "../../ui/Field";
import { Panel } from "../../ui/Panel";
import { EmptyState } from "../../ui/States";
import { Age } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { explained, FormSheet, Loaded, useForm, versioned, type Versioned } from "./form";

interface Draft {
  readonly name: string;
  readonly text: string;
  readonly category: string;
  readonly language: string;
}

interface Reply extends Draft {
  readonly id: string;
}

const PATH = "/api/v1/canned-replies";
const KEY = ["settings", "canned-replies"] as const;
/** What the reply box of a ticket reads. */
const OFFERED = ["canned-replies"] as const;
const NEW: Draft = { name: "", text: "", category: "", language: "" };

export function CannedReplies() {
  const view = useView(KEY, read(PATH, ({ body }) => itemsOf(body).flatMap((item) => replyOf(item) ?? [])));
  const { q = "", id } = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (next: Record<string, string | undefined>) =>
    void navigate({ to: "/settings/$section", params: { section: "canned-replies" }, search: (before) => ({ ...before, ...next }), replace: true });
  const isAdmin = useHasRole("admin");
  const [adding, setAdding] = useState(false);
  return (
    <Loaded view={view}>
      {(replies) => {
        const wanted = q.trim().toLowerCase();
        const shown = replies.filter((reply) => `${reply.name} ${reply.category} ${reply.text}`.toLowerCase().includes(wanted));
        return (
          <>
            <Panel
              title="Canned replies"
              count={replies.length}
              actions={
                <>
                  <Age at={view.at} />
                  {isAdmin && (
                    <Button size="small" icon={Plus} className="ml-auto" onClick={() => setAdding(true)}>
                      Add
                    </Button>
                  )}
                </>
              }
            >
              {replies.length > 0 && (
                <div className="border-b border-line p-2">
                  <SearchField
                    label="Search names and texts"
                    value={q}
                    maxLength={100}
                    onChange={(typed) => change({ q: typed === "" ? undefined : typed })}
                    className="w-full sm:w-64"
                  />
                </div>
              )}
              {shown.length === 0 ? (
                replies.length === 0 ? (
                  <EmptyState title="No canned replies yet" icon={MessageSquareText}>
                    What is answered again and again is written once here, and put into a reply with two keys.
                  </EmptyState>
                ) : (
                  <EmptyState title="No canned reply fits">Search for something else.</EmptyState>
                )
              ) : (
                <ul role="list" aria-label="Canned replies">
                  {shown.map((reply) => (
                    <Row key={reply.id} reply={reply} onOpen={() => change({ id: reply.id })} />
                  ))}
                </ul>
              )}
            </Panel>
            {adding && <ReplyForm saved={{ value: NEW, etag: null }} id={null} onClose={() => setAdding(false)} />}
            {id !== undefined && <Existing key={id} id={id} onClose={() => change({ id: undefined })} />}
          </>
        );
      }}
    </Loaded>
  );
}

function Row({ reply, onOpen }: { reply: Reply; onOpen: () => void }) {
  const isAdmin = useHasRole("admin");
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-b-0">
      <div className="min-w-0 flex-1 basis-52">
        <p className="font-medium wrap-anywhere">{reply.name}</p>
        <p className="line-clamp-2 text-xs text-muted wrap-anywhere">{reply.text}</p>
      </div>
      {reply.category !== "" && <Badge>{words(reply.category)}</Badge>}
      {reply.language !== "" && <Badge>{reply.language.toUpperCase()}</Badge>}
      <Button size="small" aria-label={`${isAdmin ? "Edit" : "Show"} ${reply.name}`} onClick={onOpen}>
        {isAdmin ? "Edit" : "Show"}
      </Button>
    </li>
  );
}

function Existing({ id, onClose }: { id: string; onClose: () => void }) {
  const view = useView(
    [...KEY, id],
    read(`${PATH}/${encodeURIComponent(id)}`, versioned((body) => (isObject(body) ? replyOf(body) : null))),
  );
  const reply = view.data?.value ?? null;
  if (reply === null || view.data === undefined) {
    return view.error === null ? null : (
      <ConfirmDialog
        open
        onClose={onClose}
        title="This canned reply cannot be shown"
        description={view.error.message}
        confirm="Close"
        onConfirm={onClose}
      />
    );
  }
  return <ReplyForm saved={{ value: draftOf(reply), etag: view.data.etag }} id={reply.id} onClose={onClose} />;
}

function ReplyForm({ saved, id, onClose }: { saved: Versioned<Draft>; id: string | null; onClose: () => void }) {
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const isAdmin = useHasRole("admin");
  const [deleting, setDeleting] = useState(false);
  const path = id === null ? PATH : `${PATH}/${encodeURIComponent(id)}`;
  const ifMatch = saved.etag === null ? {} : { ifMatch: saved.etag };
  const form = useForm<Draft>({
    saved,
    save: (draft, etag) => (id === null ? api.post(path, bodyOf(draft)) : api.put(path, bodyOf(draft), etag === null ? {} : { ifMatch: etag })),
    keys: [KEY, OFFERED],
    done: id === null ? "The canned reply is added" : "The canned reply is saved",
    onDone: onClose,
  });
  const { value, set, problem } = form;
  return (
    <FormSheet wide form={form} isNew={id === null} title={id === null ? "Add a canned reply" : saved.value.name} submit={id === null ? "Add" : "Save"} onClose={onClose}>
      <TextField label="Name" hint="What it is found by" maxLength={100} value={value.name} problem={problem("name")} onChange={(event) => set({ name: event.target.value })} autoComplete="off" />
      <TextArea
        label="Text"
        hint={`${PLACEHOLDERS.map(inBraces).join(", ")} are filled in when it is put into a reply`}
        rows={12}
        maxLength={5_000}
        value={value.text}
        problem={problem("text")}
        onChange={(event) => set({ text: event.target.value })}
        spellCheck
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField label="Category" hint="Of the tickets it is offered first for" maxLength={100} value={value.category} problem={problem("category")} onChange={(event) => set({ category: event.target.value })} autoComplete="off" />
        <TextField label="Language" hint="Two letters, like en" maxLength={2} value={value.language} problem={problem("language")} onChange={(event) => set({ language: event.target.value })} autoComplete="off" />
      </div>
      {id !== null && isAdmin && (
        <div className="flex items-center gap-2 border-t border-line pt-3">
          <Button look="bad" size="small" icon={Trash2} onClick={() => setDeleting(true)}>
            Delete the canned reply
          </Button>
        </div>
      )}
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        title={`Delete “${saved.value.name}”?`}
        description="Nobody can put it into a reply any more. Replies that were sent stay as they are. This cannot be undone."
        confirm="Delete"
        danger
        onConfirm={async () => {
          await explained(api.delete(path, ifMatch));
          onClose();
          await Promise.all([KEY, OFFERED].map((queryKey) => client.invalidateQueries({ queryKey })));
          toast({ title: "The canned reply is deleted", tone: "good" });
        }}
      />
    </FormSheet>
  );
}

function bodyOf({ name, text: said, category, language }: Draft) {
  const meant = { category: category.trim(), language: language.trim().toLowerCase() };
  return {
    name,
    text: said,
    ...(meant.category === "" ? {} : { category: meant.category }),
    ...(meant.language === "" ? {} : { language: meant.language }),
  };
}

function draftOf({ name, text: said, category, language }: Draft): Draft {
  return { name, text: said, category, language };
}

function replyOf(item: Readonly<Record<string, unknown>>): Reply | null {
  const id = text(item["reply_id"]);
  return id === null
    ? null
    : {
        id,
        name: text(item["name"]) ?? id,
        text: text(item["text"]) ?? "",
        category: text(item["category"]) ?? "",
        language: text(item["language"]) ?? "",
      };
}
