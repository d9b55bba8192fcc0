import { useNavigate, useSearch } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { BookOpen, Plus, Trash2, Upload } from "lucide-react";
import { useDeferredValue, useRef, useState } from "react";
import { useApi } from "../../lib/api";
import { instant, words } from "../../lib/format";
import { isObject, itemsOf, text, type JsonObject } from "../../lib/json";
import { messageOf } from "../../lib/problem";
import { useHasRole } from "../../lib/session";
import { read, useList, useView } from "../../lib/useView";
import { count, listOf, number, texts } from "../../lib/values";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { ConfirmDialog } from "../../ui/Dialog";
import { SearchField, Select, TextArea, TextField } from "../../ui/Field";
import { Toolbar } from "../../ui/Page";
import { Panel } from "../../ui/Panel";
import { EmptyState, ErrorState, SkeletonRows } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { explained, FormSheet, useForm, versioned, type Versioned } from "./form";

interface Summary {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly passages: number;
  readonly updatedAt: number | null;
}

interface Draft {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly intents: string;
  readonly format: string;
  readonly content: string;
  readonly sourceUrl: string;
}

const KEY = ["settings", "knowledge"] as const;
const NEW: Draft = { id: "", title: "", language: "", intents: "", format: "markdown", content: "", sourceUrl: "" };

const COLUMNS: readonly Column<Summary>[] = [
  {
    id: "title",
    header: "Title",
    grow: 3,
    cell: ({ title }) => <span className="truncate font-medium">{title}</span>,
  },
  { id: "id", header: "Id", grow: 1, wideOnly: true, cell: ({ id }) => <span className="truncate font-mono text-xs text-muted">{id}</span> },
  { id: "language", header: "Language", width: 90, cell: ({ language }) => <span className="uppercase">{language}</span> },
  { id: "passages", header: "Passages", width: 90, align: "end", wideOnly: true, cell: ({ passages }) => count(passages) },
  { id: "updated", header: "Changed", width: 100, align: "end", cell: ({ updatedAt }) => <Time at={updatedAt} className="text-muted" /> },
];

export function Knowledge() {
  const { q, language, id } = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (next: Record<string, string | undefined>) =>
    void navigate({ to: "/settings/$section", params: { section: "knowledge" }, search: (before) => ({ ...before, ...next }), replace: true });
  const isAdmin = useHasRole("admin");
  const query = new URLSearchParams({ limit: "50" });
  if (q !== undefined) {
    query.set("text", q);
  }
  if (language !== undefined) {
    query.set("language", language);
  }
  const list = useList([...KEY, "articles"], `/api/v1/agent/knowledge/articles?${query}`, summaryOf);
  const [adding, setAdding] = useState(false);
  const isFiltered = q !== undefined || language !== undefined;
  return (
    <>
      <IndexState />
      <Panel
        title="Articles"
        actions={
          <>
            <Age at={list.at} />
            {isAdmin && (
              <div className="ml-auto flex gap-2">
                <Import />
                <Button size="small" icon={Plus} onClick={() => setAdding(true)}>
                  Add
                </Button>
              </div>
            )}
          </>
        }
        className="h-[28rem]"
      >
        <div className="border-b border-line p-2">
          <Toolbar label="Filters">
            <SearchField label="Search titles and texts" value={q ?? ""} onChange={(typed) => change({ q: typed === "" ? undefined : typed })} className="w-full sm:w-64" />
            <Select
              label="Language"
              labelHidden
              value={language ?? ""}
              options={[{ value: "", label: "Any language" }, ...["en", "de", "fr", "es"].map((each) => ({ value: each, label: each.toUpperCase() }))]}
              onChange={(value) => change({ language: value === "" ? undefined : value })}
              className="w-36"
            />
          </Toolbar>
        </div>
        <DataTable
          label="Articles"
          columns={COLUMNS}
          rows={list.data}
          isOld={list.isOld}
          rowId={(row) => row.id}
          onOpen={(row) => change({ id: row.id })}
          openId={id ?? null}
          error={list.error}
          onRetry={list.refresh}
          onMore={list.more}
          isLoadingMore={list.isLoadingMore}
          narrow={(row) => (
            <div className="flex min-w-0 flex-col gap-0.5">
              <span className="truncate font-medium">{row.title}</span>
              <span className="truncate text-xs text-muted">
                {row.language.toUpperCase()} · {count(row.passages)} {row.passages === 1 ? "passage" : "passages"} · <Time at={row.updatedAt} />
              </span>
            </div>
          )}
          empty={
            isFiltered ? (
              <EmptyState title="No article fits">Take a filter away.</EmptyState>
            ) : (
              <EmptyState title="No articles yet" icon={BookOpen}>Without one the agent answers nothing by itself: it has no facts.</EmptyState>
            )
          }
        />
      </Panel>
      <TrySearch onOpen={(article) => change({ id: article })} />
      {adding && <ArticleForm saved={{ value: NEW, etag: null }} isNew onClose={() => setAdding(false)} />}
      {id !== undefined && <Existing key={id} id={id} onClose={() => change({ id: undefined })} />}
    </>
  );
}

function IndexState() {
  const { data } = useView(
    [...KEY, "index"],
    read("/api/v1/agent/knowledge/index", ({ body }) => (isObject(body) ? body : {})),
    { pollWhenNotLive: 10_000 },
  );
  if (data === undefined) {
    return <p className="min-h-5" />;
  }
  const state = text(data["state"]);
  const passages = number(data["passages"]) ?? 0;
  const embedded = number(data["embedded"]) ?? 0;
  const trouble = text(data["trouble"]);
  return (
    <p className="flex min-h-5 flex-wrap items-center gap-2 text-xs text-muted tabular-nums">
      <Badge tone={state === "ready" ? "good" : state === "failing" ? "bad" : state === "embedding" ? "info" : "neutral"}>
        {state === "off" ? "Full text" : state === "ready" ? "Full text and meaning" : state === "failing" ? "Meaning fails" : "Learning meanings"}
      </Badge>
      {state === "off" ? `${count(passages)} passages, found by their words` : `${count(embedded)} of ${count(passages)} passages found by meaning, too`}
      {trouble !== null && <span className="text-bad wrap-anywhere">{trouble}</span>}
    </p>
  );
}

/** What the agent would find. */
function TrySearch({ onOpen }: { onOpen: (article: string) => void }) {
  const [typed, setTyped] = useState("");
  const wanted = useDeferredValue(typed.trim());
  const view = useView(
    [...KEY, "search", wanted],
    read(`/api/v1/agent/knowledge/search?q=${encodeURIComponent(wanted)}&limit=5`, ({ body }) => ({
      items: itemsOf(body),
      note: isObject(body) ? text(body["note"]) : null,
    })),
    { enabled: wanted.length > 1, pollWhenNotLive: 600_000 },
  );
  return (
    <Panel title="What the agent would find">
      <div className="p-2">
        <SearchField label="A customer's question" value={typed} onChange={setTyped} className="w-full" />
      </div>
      {wanted.length > 1 &&
        (view.data === undefined ? (
          view.error === null ? (
            <SkeletonRows rows={3} />
          ) : (
            <ErrorState error={view.error} onRetry={view.refresh} />
          )
        ) : view.data.items.length === 0 ? (
          <p className="border-t border-line p-3 text-muted">Nothing. The agent would hand this to a person.</p>
        ) : (
          <ol role="list" aria-label="Passages" className="border-t border-line">
            {view.data.note !== null && <li className="px-3 py-2 text-xs text-warn">{view.data.note}</li>}
            {view.data.items.map((item, index) => {
              const article = text(item["article_id"]) ?? "";
              return (
                <li key={index} className="border-b border-line px-3 py-2 last:border-b-0">
                  <div className="flex items-baseline gap-2">
                    <button type="button" onClick={() => onOpen(article)} className="min-w-0 truncate text-left font-medium text-accent hover:underline">
                      {text(item["title"]) ?? article}
                    </button>
                    <span className="ml-auto shrink-0 text-xs text-muted tabular-nums">score {(number(item["score"]) ?? 0).toFixed(2)}</span>
                  </div>
                  {text(item["heading"]) !== null && <p className="text-xs text-muted">{text(item["heading"])}</p>}
                  <p className="line-clamp-3 text-muted wrap-anywhere">{text(item["text"])}</p>
                </li>
              );
            })}
          </ol>
        ))}
    </Panel>
  );
}

/** A file of articles: a JSON array, or a JSON object a line. All of them are stored, or none. */
function Import() {
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="File of articles"
        accept=".json,.jsonl,.ndjson,application/json,application/x-ndjson"
        onChange={(event) => {
          setFile(event.target.files?.[0] ?? null);
          event.target.value = "";
        }}
      />
      <Button size="small" icon={Upload} onClick={() => input.current?.click()}>
        Import
      </Button>
      <ConfirmDialog
        open={file !== null}
        onClose={() => setFile(null)}
        title={`Import ${file?.name ?? ""}?`}
        description="A JSON array of articles, or one JSON object a line. An article with an id that is there already takes its place. All are stored, or none."
        confirm="Import"
        onConfirm={async () => {
          if (file !== null) {
            const type = /\.(jsonl|ndjson)$/i.test(file.name) ? "application/x-ndjson" : "application/json";
            const { body } = await explained(api.post("/api/v1/agent/knowledge/articles/bulk", new Blob([file], { type })));
            await client.invalidateQueries({ queryKey: KEY });
            toast({ title: `${count(isObject(body) ? (number(body["articles"]) ?? 0) : 0)} articles are stored`, tone: "good" });
          }
        }}
      />
    </>
  );
}

function Existing({ id, onClose }: { id: string; onClose: () => void }) {
  const view = useView([...KEY, "article", id], read(`/api/v1/agent/knowledge/articles/${encodeURIComponent(id)}`, versioned(draftOf)));
  const toast = useToast();
  if (view.data === undefined) {
    if (view.error !== null) {
      queueMicrotask(() => {
        toast({ title: messageOf(view.error), tone: "warn" });
        onClose();
      });
    }
    return null;
  }
  return <ArticleForm saved={view.data} isNew={false} onClose={onClose} />;
}

function ArticleForm({ saved, isNew, onClose }: { saved: Versioned<Draft>; isNew: boolean; onClose: () => void }) {
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const isAdmin = useHasRole("admin");
  const [deleting, setDeleting] = useState(false);
  const pathOf = (id: string) => `/api/v1/agent/knowledge/articles/${encodeURIComponent(id)}`;
  const form = useForm<Draft>({
    saved,
    save: (draft, etag) => api.put(pathOf(idOf(draft)), bodyOf(draft), etag === null ? {} : { ifMatch: etag }),
    keys: [KEY],
    done: isNew ? "The article is added" : "The article is saved. New replies rest on it.",
    onDone: onClose,
  });
  const { value, set, problem } = form;
  return (
    <FormSheet wide form={form} isNew={isNew} title={isNew ? "Add an article" : saved.value.title} submit={isNew ? "Add" : "Save"} onClose={onClose}>
      <TextField label="Title" value={value.title} problem={problem("title")} onChange={(event) => set({ title: event.target.value })} autoComplete="off" />
      {isNew && (
        <TextField
          label="Id"
          hint="Left empty, it is made of the title; it stays"
          value={value.id}
          problem={problem("id")}
          onChange={(event) => set({ id: event.target.value })}
          autoComplete="off"
        />
      )}
      <div className="grid grid-cols-2 gap-3">
        <TextField label="Language" hint="Two letters; empty: told from the text" value={value.language} problem={problem("language")} onChange={(event) => set({ language: event.target.value })} />
        <Select
          label="Format"
          value={value.format}
          problem={problem("format")}
          options={["markdown", "html", "text"].map((format) => ({ value: format, label: format === "html" ? "HTML" : words(format) }))}
          onChange={(format) => set({ format })}
        />
      </div>
      <TextArea label="Content" rows={16} className="[&_textarea]:font-mono" value={value.content} problem={problem("content")} onChange={(event) => set({ content: event.target.value })} spellCheck />
      <TextField label="Intents" hint="Categories that it answers, separated by commas" value={value.intents} problem={problem("intents")} onChange={(event) => set({ intents: event.target.value })} />
      <TextField label="Source address" value={value.sourceUrl} problem={problem("source_url")} onChange={(event) => set({ sourceUrl: event.target.value })} />
      {!isNew && isAdmin && (
        <div className="flex items-center gap-2 border-t border-line pt-3">
          <Button look="bad" size="small" icon={Trash2} onClick={() => setDeleting(true)}>
            Delete the article
          </Button>
        </div>
      )}
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        title={`Delete “${saved.value.title}”?`}
        description="Replies no longer rest on it. This cannot be undone."
        confirm="Delete"
        danger
        onConfirm={async () => {
          await api.delete(pathOf(saved.value.id), saved.etag === null ? {} : { ifMatch: saved.etag });
          onClose();
          await client.invalidateQueries({ queryKey: [...KEY, "articles"] });
          toast({ title: "The article is deleted", tone: "good" });
        }}
      />
    </FormSheet>
  );
}

function idOf({ id, title }: Draft): string {
  const named = id.trim();
  const made = title
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 80);
  return named !== "" ? named : made === "" ? "article" : made;
}

function bodyOf(draft: Draft) {
  const language = draft.language.trim().toLowerCase();
  const source = draft.sourceUrl.trim();
  return {
    title: draft.title,
    ...(language === "" ? {} : { language }),
    intents: listOf(draft.intents),
    format: draft.format,
    content: draft.content,
    ...(source === "" ? {} : { source_url: source }),
  };
}

function summaryOf(item: JsonObject): Summary | null {
  const id = text(item["id"]);
  return id === null
    ? null
    : {
        id,
        title: text(item["title"]) ?? id,
        language: text(item["language"]) ?? "",
        passages: number(item["passages"]) ?? 0,
        updatedAt: instant(text(item["updated_at"])),
      };
}

function draftOf(body: unknown): Draft {
  const item = isObject(body) ? body : {};
  return {
    id: text(item["id"]) ?? "",
    title: text(item["title"]) ?? "",
    language: text(item["language"]) ?? "",
    intents: texts(item["intents"]).join(", "),
    format: text(item["format"]) ?? "text",
    content: text(item["content"]) ?? "",
    sourceUrl: text(item["source_url"]) ?? "",
  };
}
