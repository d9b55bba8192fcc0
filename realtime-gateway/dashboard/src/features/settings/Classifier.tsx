import { useNavigate, useSearch } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { GraduationCap, Tags, Trash2, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { useApi } from "../../lib/api";
import { instant, words } from "../../lib/format";
import { isObject, itemsOf, text, type JsonObject } from "../../lib/json";
import { useHasRole } from "../../lib/session";
import { read, useList, useView } from "../../lib/useView";
import { count, number, percent, texts } from "../../lib/values";
import { Badge, type Tone } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { ConfirmDialog } from "../../ui/Dialog";
import { Select, TextArea, TextField } from "../../ui/Field";
import { Problem } from "../../ui/Notice";
import { Toolbar } from "../../ui/Page";
import { Panel } from "../../ui/Panel";
import { Progress } from "../../ui/Progress";
import { Stat } from "../../ui/Stat";
import { EmptyState } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { explained, Loaded, reasonsOf } from "./form";

const KEY = ["settings", "classifier"] as const;
const BASE = "/api/v1/agent/classifier";

interface State {
  readonly status: string;
  readonly version: number | null;
  readonly newest: number | null;
  readonly reason: string | null;
  readonly progress: number | null;
  readonly trainedAt: number | null;
  readonly examples: number | null;
  readonly labels: number | null;
  readonly accuracy: number | null;
  readonly macroF1: number | null;
  readonly calibrationError: number | null;
  readonly leftOut: readonly string[];
  readonly figures: readonly { readonly label: string; readonly precision: number; readonly recall: number; readonly f1: number; readonly support: number }[];
  readonly confusion: readonly { readonly actual: string; readonly predicted: string; readonly count: number }[];
}

export function Classifier() {
  const [training, setTraining] = useState(false);
  const view = useView(KEY, read(BASE, ({ body }) => stateOf(body)), {
    // While it trains, one wants to see it move.
    pollWhenNotLive: training ? 2_000 : 15_000,
  });
  const isAdmin = useHasRole("admin");
  const isTraining = view.data?.status === "training";
  if (isTraining !== training) {
    setTraining(isTraining);
  }
  return (
    <>
      <Loaded view={view}>{(state) => <Trained state={state} at={view.at} isAdmin={isAdmin} />}</Loaded>
      <Versions isAdmin={isAdmin} />
      {isAdmin ? <Examples /> : <p className="text-xs text-muted">Only administrators see the examples and train.</p>}
      <TryIt />
    </>
  );
}

function Trained({ state, at, isAdmin }: { state: State; at: number; isAdmin: boolean }) {
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const isTraining = state.status === "training";
  const train = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await api.post(`${BASE}/train`);
      await client.invalidateQueries({ queryKey: KEY });
      toast({ title: "The training has begun" });
    } catch (reason) {
      setFailure(reason);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Panel
        title="Model"
        actions={
          <>
            <StateBadge state={state} />
            <Age at={at} />
            {isAdmin && (
              <Button size="small" icon={GraduationCap} className="ml-auto" disabled={busy || isTraining} onClick={() => void train()}>
                {isTraining ? "Training…" : "Train"}
              </Button>
            )}
          </>
        }
      >
        <div className="flex flex-col gap-3 p-3">
          {failure !== null && <Problem>{reasonsOf(failure).join("; ")}</Problem>}
          {isTraining && (
            <div className="flex items-center gap-3">
              <div className="flex-1">
                <Progress label="Training" {...(state.progress === null ? {} : { value: state.progress })} max={state.progress !== null && state.progress <= 1 ? 1 : 100} />
              </div>
              {state.progress !== null && (
                <span className="text-xs text-muted tabular-nums">{Math.round(state.progress <= 1 ? state.progress * 100 : state.progress)} %</span>
              )}
            </div>
          )}
          {state.status === "failed" && state.reason !== null && <Problem>The last training failed: {state.reason}</Problem>}
          {state.version === null ? (
            <p className="text-muted">
              No labels of your own: the categories that ship are used. Bring in labelled examples below, at least a few for each label, and train.
            </p>
          ) : (
            <>
              <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
                <Stat label="Accuracy" value={percent(state.accuracy)} hint="By cross-validation on the examples" />
                <Stat label="Macro F1" value={state.macroF1 === null ? null : state.macroF1.toFixed(3)} hint="The mean over labels of the harmonic mean of precision and recall" />
                <Stat label="Calibration error" value={percent(state.calibrationError)} hint="How far its confidence is off" />
                <Stat label="Examples" value={state.examples === null ? null : count(state.examples)} {...(state.labels === null ? {} : { unit: `in ${state.labels} labels` })} />
              </div>
              <p className="text-xs text-muted tabular-nums">
                Version {state.version}, trained <Time at={state.trainedAt} />. Measured by cross-validation; how people judge it is on the page AI performance.
              </p>
            </>
          )}
          {state.leftOut.length > 0 && <p className="text-xs text-warn wrap-anywhere">Too few examples, left out: {state.leftOut.join(", ")}</p>}
        </div>
      </Panel>
      {state.figures.length > 0 && <Figures state={state} />}
    </>
  );
}

function StateBadge({ state: { status } }: { state: State }) {
  const looks: ReadonlyMap<string, readonly [Tone, string]> = new Map<string, readonly [Tone, string]>([
    ["none", ["neutral", "As shipped"]],
    ["training", ["info", "Training"]],
    ["ready", ["good", "In use"]],
    ["failed", ["bad", "Training failed"]],
  ]);
  const [tone, word] = looks.get(status) ?? (["neutral", words(status)] as const);
  return <Badge tone={tone}>{word}</Badge>;
}

const HEAD = "px-3 py-2 text-xs font-medium text-muted";
const CELL = "border-t border-line px-3 py-1.5 tabular-nums";

function Figures({ state: { figures, confusion } }: { state: State }) {
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <Panel title="Labels" count={figures.length}>
        <div role="region" aria-label="Figures of each label" tabIndex={0} className="max-h-80 overflow-auto">
          <table className="w-full text-sm">
            <thead>
              <tr>
                {["Label", "Precision", "Recall", "F1", "Examples"].map((name, index) => (
                  <th key={name} scope="col" className={`${HEAD} ${index === 0 ? "text-left" : "text-right"}`}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {figures.map(({ label, precision, recall, f1, support }) => (
                <tr key={label}>
                  <th scope="row" className={`${CELL} min-w-28 text-left font-medium wrap-break-word`}>{label}</th>
                  <td className={`${CELL} text-right`}>{percent(precision)}</td>
                  <td className={`${CELL} text-right`}>{percent(recall)}</td>
                  <td className={`${CELL} text-right`}>{f1.toFixed(2)}</td>
                  <td className={`${CELL} text-right`}>{count(support)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      <Panel title="Most confused">
        {confusion.length === 0 ? (
          <p className="p-3 text-muted">No label was taken for another.</p>
        ) : (
          <ol role="list" aria-label="Most confused" tabIndex={0} className="max-h-80 overflow-auto">
            {confusion.map(({ actual, predicted, count: times }) => (
              <li key={`${actual} ${predicted}`} className="flex items-center gap-2 border-b border-line px-3 py-1.5 last:border-b-0">
                <span className="min-w-0 flex-1 wrap-anywhere">
                  {actual} <span className="text-muted">taken for</span> {predicted}
                </span>
                <span className="text-muted tabular-nums">{count(times)}</span>
              </li>
            ))}
          </ol>
        )}
      </Panel>
    </div>
  );
}

function Versions({ isAdmin }: { isAdmin: boolean }) {
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const view = useView([...KEY, "versions"], read(`${BASE}/versions?limit=20`, ({ body }) => itemsOf(body)));
  const [wanted, setWanted] = useState<number | null>(null);
  if (view.data === undefined || view.data.length === 0) {
    return null;
  }
  return (
    <Panel title="Versions" count={view.data.length}>
      <ul role="list" aria-label="Versions">
        {view.data.map((item) => {
          const version = number(item["version"]) ?? 0;
          const isActive = item["active"] === true;
          const status = text(item["status"]);
          return (
            <li key={version} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-b-0">
              <span className="w-20 font-medium tabular-nums">Version {version}</span>
              {isActive ? <Badge tone="good">In use</Badge> : status === "failed" ? <Badge tone="bad">Failed</Badge> : status === "training" ? <Badge tone="info">Training</Badge> : null}
              <span className="min-w-0 flex-1 basis-40 text-xs text-muted tabular-nums wrap-anywhere">
                {text(item["reason"]) ?? `${count(number(item["examples"]) ?? 0)} examples, ${percent(number(item["accuracy"])) ?? "no"} accuracy`} · by{" "}
                {text(item["requested_by"]) ?? "somebody"} · <Time at={instant(text(item["requested_at"]))} />
              </span>
              {isAdmin && !isActive && status === "ready" && (
                <Button size="small" onClick={() => setWanted(version)}>
                  Use this
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      <ConfirmDialog
        open={wanted !== null}
        onClose={() => setWanted(null)}
        title={`Use version ${wanted ?? ""}?`}
        description="New tickets are classified by it at once."
        confirm="Use it"
        onConfirm={async () => {
          await api.post(`${BASE}/versions/${wanted}/activate`);
          await client.invalidateQueries({ queryKey: KEY });
          toast({ title: `Version ${wanted} is in use`, tone: "good" });
        }}
      />
    </Panel>
  );
}

interface Example {
  readonly id: string;
  readonly text: string;
  readonly label: string;
  readonly source: string;
  readonly by: string;
  readonly at: number | null;
}

const COLUMNS: readonly Column<Example>[] = [
  { id: "text", header: "Text", grow: 3, cell: (row) => <span className="truncate" title={row.text}>{row.text}</span> },
  { id: "label", header: "Label", grow: 1, cell: ({ label }) => <span className="truncate font-medium">{label}</span> },
  { id: "source", header: "From", width: 110, wideOnly: true, cell: ({ source }) => (source === "correction" ? "A correction" : "A file") },
  { id: "at", header: "Added", width: 100, align: "end", cell: ({ at }) => <Time at={at} className="text-muted" /> },
];

const DELETIONS = {
  upload: { title: "Delete the examples that came by file?", description: "Corrections by people stay, and so does a model that learned from the examples. This cannot be undone." },
  all: { title: "Delete all examples?", description: "Also every correction by people. A model that learned from them stays. This cannot be undone." },
} as const;

function Examples() {
  const { label, q: source } = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (next: Record<string, string | undefined>) =>
    void navigate({ to: "/settings/$section", params: { section: "classifier" }, search: (before) => ({ ...before, ...next }), replace: true });
  const query = new URLSearchParams({ limit: "50" });
  if (label !== undefined) {
    query.set("label", label);
  }
  if (source === "upload" || source === "correction") {
    query.set("source", source);
  }
  const list = useList([...KEY, "examples"], `${BASE}/examples?${query}`, exampleOf);
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [replaces, setReplaces] = useState(false);
  const [deleting, setDeleting] = useState<keyof typeof DELETIONS | null>(null);
  return (
    <Panel
      title="Examples"
      actions={
        <>
          <Age at={list.at} />
          <div className="ml-auto flex flex-wrap gap-2">
            <Button size="small" icon={Upload} onClick={() => input.current?.click()}>
              Bring in
            </Button>
            <Button size="small" look="bad" icon={Trash2} disabled={list.data?.length === 0} onClick={() => setDeleting("upload")}>
              Delete…
            </Button>
          </div>
        </>
      }
      className="h-96"
    >
      <input
        ref={input}
        type="file"
        hidden
        aria-label="File of examples"
        accept=".csv,.json,.jsonl,.ndjson"
        onChange={(event) => {
          setFile(event.target.files?.[0] ?? null);
          event.target.value = "";
        }}
      />
      <div className="border-b border-line p-2">
        <Toolbar label="Filters">
          <TextField label="Label" labelHidden placeholder="Label" value={label ?? ""} onChange={(event) => change({ label: event.target.value === "" ? undefined : event.target.value })} className="w-48" />
          <Select
            label="From"
            labelHidden
            value={source ?? ""}
            options={[
              { value: "", label: "From anywhere" },
              { value: "upload", label: "From files" },
              { value: "correction", label: "From corrections" },
            ]}
            onChange={(value) => change({ q: value === "" ? undefined : value })}
            className="w-44"
          />
        </Toolbar>
      </div>
      <DataTable
        label="Examples"
        columns={COLUMNS}
        rows={list.data}
        isOld={list.isOld}
        rowId={({ id }) => id}
        error={list.error}
        onRetry={list.refresh}
        onMore={list.more}
        isLoadingMore={list.isLoadingMore}
        narrow={(row) => (
          <div className="flex min-w-0 flex-col gap-0.5">
            <span className="truncate">{row.text}</span>
            <span className="truncate text-xs text-muted">{row.label}</span>
          </div>
        )}
        empty={
          <EmptyState title="No examples" icon={Tags}>
            Bring in a CSV of text,label, JSON lines or a JSON array. Corrections of tickets appear here by themselves. All are kept without personal data.
          </EmptyState>
        }
      />
      <ConfirmDialog
        open={file !== null}
        onClose={() => setFile(null)}
        title={`Bring in ${file?.name ?? ""}?`}
        description="CSV (text,label), JSON lines or a JSON array. Personal data is taken out before anything is kept."
        confirm={replaces ? "Replace" : "Add"}
        onConfirm={async () => {
          if (file !== null) {
            const { body } = await explained((replaces ? api.put : api.post)(`${BASE}/examples`, new Blob([file], { type: typeOf(file.name) })));
            await client.invalidateQueries({ queryKey: KEY });
            const taken = isObject(body) ? body : {};
            toast({
              title: `${count(number(taken["added"]) ?? 0)} examples came in`,
              detail: `There are ${count(number(taken["examples"]) ?? 0)} in ${count(number(taken["labels"]) ?? 0)} labels. Train to use them.`,
              tone: "good",
            });
          }
        }}
      >
        <label className="flex items-start gap-2 text-sm">
          <input type="checkbox" checked={replaces} onChange={(event) => setReplaces(event.target.checked)} className="mt-0.5 size-4 accent-accent-solid" />
          <span>
            In place of what came by file before
            <span className="block text-xs text-muted">Corrections by people stay.</span>
          </span>
        </label>
      </ConfirmDialog>
      <ConfirmDialog
        open={deleting !== null}
        onClose={() => setDeleting(null)}
        title={DELETIONS[deleting ?? "upload"].title}
        description={DELETIONS[deleting ?? "upload"].description}
        confirm="Delete"
        danger
        {...(deleting === "all" ? { typed: "delete" } : {})}
        onConfirm={async () => {
          const { body } = await api.delete(`${BASE}/examples${deleting === "all" ? "" : "?source=upload"}`);
          await client.invalidateQueries({ queryKey: KEY });
          toast({ title: `${count(isObject(body) ? (number(body["removed"]) ?? 0) : 0)} examples are deleted`, tone: "good" });
        }}
      >
        <label className="flex items-center gap-2 text-sm">
          <input type="checkbox" checked={deleting === "all"} onChange={(event) => setDeleting(event.target.checked ? "all" : "upload")} className="size-4 accent-accent-solid" />
          Corrections by people, too
        </label>
      </ConfirmDialog>
    </Panel>
  );
}

/** What the classifier says about a text; nothing is stored. */
function TryIt() {
  const api = useApi();
  const mayTry = useHasRole("agent", "viewer");
  const [typed, setTyped] = useState("");
  const [answer, setAnswer] = useState<JsonObject | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  if (!mayTry) {
    return null;
  }
  const ask = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const { body } = await api.post("/api/v1/agent/classify", { text: typed });
      setAnswer(isObject(body) ? body : null);
    } catch (reason) {
      setAnswer(null);
      setFailure(reason);
    } finally {
      setBusy(false);
    }
  };
  const candidates = answer !== null && Array.isArray(answer["candidates"]) ? answer["candidates"].filter(isObject) : [];
  return (
    <Panel title="Try it">
      <form
        className="flex flex-col gap-3 p-3"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <TextArea label="A text as a customer would write it" rows={3} value={typed} onChange={(event) => setTyped(event.target.value)} />
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={busy || typed.trim() === ""}>
            {busy ? "Classifying…" : "Classify"}
          </Button>
          <span className="text-xs text-muted">Nothing is stored.</span>
        </div>
        {failure !== null && <Problem>{reasonsOf(failure).join("; ")}</Problem>}
        {answer !== null && (
          <div role="status" className="flex flex-col gap-2 border-t border-line pt-3">
            <p>
              <span className="font-semibold">{words(text(answer["category"]) ?? "unknown")}</span>
              <span className="text-muted tabular-nums"> {percent(number(answer["confidence"]))}</span>
              {answer["out_of_scope"] === true && <Badge tone="warn" className="ml-2">Fits no category well</Badge>}
            </p>
            <p className="text-xs text-muted">
              {[text(answer["language"])?.toUpperCase(), text(answer["sentiment"]), `${text(answer["priority"])} priority`, text(answer["method"]), text(answer["model_version"])]
                .filter((each) => each != null)
                .join(" · ")}
            </p>
            {candidates.length > 1 && (
              <ol role="list" aria-label="Candidates" className="flex flex-col gap-1.5">
                {candidates.slice(0, 5).map((candidate) => {
                  const name = text(candidate["category"]) ?? "";
                  const confidence = number(candidate["confidence"]) ?? 0;
                  return (
                    <li key={name} className="grid grid-cols-[minmax(0,12rem)_minmax(0,1fr)_4rem] items-center gap-3 text-xs">
                      <span className="truncate">{words(name)}</span>
                      <Progress label={words(name)} value={confidence} max={1} />
                      <span className="text-right text-muted tabular-nums">{percent(confidence)}</span>
                    </li>
                  );
                })}
              </ol>
            )}
          </div>
        )}
      </form>
    </Panel>
  );
}

function typeOf(name: string): string {
  return /\.csv$/i.test(name) ? "text/csv" : /\.(jsonl|ndjson)$/i.test(name) ? "application/x-ndjson" : "application/json";
}

function exampleOf(item: JsonObject): Example | null {
  const id = text(item["example_id"]);
  return id === null
    ? null
    : {
        id,
        text: text(item["text"]) ?? "",
        label: text(item["label"]) ?? "",
        source: text(item["source"]) ?? "upload",
        by: text(item["created_by"]) ?? "",
        at: instant(text(item["created_at"])),
      };
}

function stateOf(body: unknown): State {
  const data = isObject(body) ? body : {};
  const objects = (name: string) => (Array.isArray(data[name]) ? data[name].filter(isObject) : []);
  return {
    status: text(data["status"]) ?? "none",
    version: number(data["version"]),
    newest: number(data["newest_version"]),
    reason: text(data["reason"]),
    progress: number(data["progress"]),
    trainedAt: instant(text(data["trained_at"])),
    examples: number(data["examples"]),
    labels: number(data["labels"]),
    accuracy: number(data["accuracy"]),
    macroF1: number(data["macro_f1"]),
    calibrationError: number(data["calibration_error"]),
    leftOut: texts(data["left_out"]),
    figures: objects("label_figures").map((each) => ({
      label: text(each["label"]) ?? "",
      precision: number(each["precision"]) ?? 0,
      recall: number(each["recall"]) ?? 0,
      f1: number(each["f1"]) ?? 0,
      support: number(each["support"]) ?? 0,
    })),
    confusion: objects("confusion").map((each) => ({
      actual: text(each["actual"]) ?? "",
      predicted: text(each["predicted"]) ?? "",
      count: number(each["count"]) ?? 0,
    })),
  };
}
