import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Plus, Trash2 } from "lucide-react";
import { actorName } from "../../lib/actors";
import { useApi } from "../../lib/api";
import { words } from "../../lib/format";
import { isObject, itemsOf, pretty, text, type JsonObject } from "../../lib/json";
import { messageOf, ProblemError } from "../../lib/problem";
import { useHasRole } from "../../lib/session";
import { read, useView } from "../../lib/useView";
import { LeaveGuard } from "../../parts/LeaveGuard";
import { VersionList } from "../../parts/VersionList";
import { Badge } from "../../ui/Badge";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog, Sheet } from "../../ui/Dialog";
import { DiffView } from "../../ui/DiffView";
import { TextArea } from "../../ui/Field";
import { Banner, Problem } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { EmptyState, ErrorState, SkeletonRows } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { changesOf, KINDS } from "./ruleDraft";
import { RuleEditor } from "./RuleEditor";
import { ruleInWords, scopeInWords } from "./rules";

interface Rulebook {
  readonly version: number;
  readonly rules: readonly JsonObject[];
  readonly by: string | null;
  readonly at: number | null;
  readonly reason: string | null;
  readonly etag: string | null;
}

function rulebookOf(body: unknown, etag: string | null): Rulebook {
  const book = isObject(body) ? body : {};
  const at = Date.parse(text(book["changed_at"]) ?? "");
  return {
    version: typeof book["version"] === "number" ? book["version"] : 0,
    rules: itemsOf({ items: book["rules"] }),
    by: text(book["changed_by"]),
    at: Number.isNaN(at) ? null : at,
    reason: text(book["reason"]),
    etag,
  };
}

/** What was changed, and the version that it was changed from. */
interface Draft {
  readonly rules: readonly JsonObject[];
  readonly from: Rulebook;
}

const NOTHING_REFUSED: ReadonlyMap<string, string> = new Map();

/** The rules in force; an admin changes them in a draft, sees what changes, and saves it with a reason. */
export function Rules() {
  const isAdmin = useHasRole("admin");
  const view = useView(["guardrails", "rules"], read("/api/v1/guardrails", ({ body, etag }) => rulebookOf(body, etag)), {
    live: ["actions"],
    matters: ({ type }) => type === "guardrails_changed",
  });
  const [draft, setDraft] = useState<Draft | null>(null);
  /** By the API's names: `rules[2].pause`. */
  const [refused, setRefused] = useState(NOTHING_REFUSED);
  const [editing, setEditing] = useState<number | null>(null);
  const [removing, setRemoving] = useState<number | null>(null);
  const [reviewing, setReviewing] = useState(false);
  const saved = view.data;
  const rules = draft?.rules ?? saved?.rules ?? [];
  const isChanged = draft !== null && pretty(draft.rules) !== pretty(draft.from.rules);
  const change = (next: readonly JsonObject[]) => {
    if (saved !== undefined) {
      setDraft({ rules: next, from: draft?.from ?? saved });
      setRefused(NOTHING_REFUSED);
    }
  };
  const discard = () => {
    setDraft(null);
    setRefused(NOTHING_REFUSED);
    setReviewing(false);
  };
  return (
    <>
      <Panel
        title="Rules"
        count={saved === undefined ? undefined : rules.length}
        actions={
          <>
            <Age at={view.at} />
            {isAdmin && saved !== undefined && (
              <Button size="small" icon={Plus} className="ml-auto" onClick={() => setEditing(rules.length)}>
                Add rule
              </Button>
            )}
          </>
        }
        className="shrink-0"
      >
        {view.error !== null && saved !== undefined && <Banner tone="warn">{view.error.message} What was read last is shown.</Banner>}
        {saved === undefined ? (
          view.error === null ? <SkeletonRows rows={4} /> : <ErrorState error={view.error} onRetry={view.refresh} />
        ) : (
          <>
            <Origin book={saved} />
            {rules.length === 0 ? (
              <EmptyState title="There are no guardrails">Whatever is approved begins at once.</EmptyState>
            ) : (
              <ul role="list" aria-label="Guardrails" className="divide-y divide-line">
                {rules.map((rule, index) => (
                  <Row
                    key={`${text(rule["name"])} ${index}`}
                    rule={rule}
                    refused={of(index, refused)}
                    {...(isAdmin ? { onEdit: () => setEditing(index), onRemove: () => setRemoving(index) } : {})}
                  />
                ))}
              </ul>
            )}
            {isAdmin && draft !== null && (
              <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-3 py-2">
                <span role="status" className="mr-auto text-xs text-muted">
                  {isChanged ? "Changes are not saved" : "Nothing is changed"}
                </span>
                <Button onClick={discard}>Discard</Button>
                <Button look="primary" disabled={!isChanged} onClick={() => setReviewing(true)}>
                  Review and save
                </Button>
              </div>
            )}
          </>
        )}
      </Panel>
      {isAdmin && saved !== undefined && <Versions current={saved} onTake={change} />}
      {editing !== null && (
        <RuleEditor
          rule={rules[editing] ?? null}
          refused={of(editing, refused)}
          onClose={() => setEditing(null)}
          onTake={(rule) => {
            change(editing >= rules.length ? [...rules, rule] : rules.map((each, index) => (index === editing ? rule : each)));
            setEditing(null);
          }}
        />
      )}
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Take the rule “${text(rules[removing ?? 0]?.["name"]) ?? ""}” away?`}
        description="What it bars may begin once the guardrails are saved."
        confirm="Take away"
        onConfirm={() => change(rules.filter((_, index) => index !== removing))}
      />
      {reviewing && draft !== null && (
        <Review draft={draft} onClose={() => setReviewing(false)} onDiscard={discard} onRefused={setRefused} />
      )}
      <LeaveGuard when={isChanged} lost="What you changed of the guardrails is lost." withSearch />
    </>
  );
}

/** What was refused of one rule, by its own fields. */
function of(index: number, refused: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const start = `rules[${index}].`;
  return new Map([...refused].flatMap(([field, reason]) => (field.startsWith(start) ? [[field.slice(start.length), reason] as const] : [])));
}

function Origin({ book }: { book: Rulebook }) {
  return (
    <p className="border-b border-line px-3 py-2 text-muted wrap-anywhere">
      {book.version === 0 || book.by === null ? (
        "As shipped: nobody has changed them."
      ) : (
        <>
          Version {book.version}, by {actorName(book.by)} <Time at={book.at} />
          {book.reason !== null && (
            <>
              : <q>{book.reason}</q>
            </>
          )}
        </>
      )}
    </p>
  );
}

function Row({
  rule,
  refused,
  onEdit,
  onRemove,
}: {
  rule: JsonObject;
  refused: ReadonlyMap<string, string>;
  onEdit?: () => void;
  onRemove?: () => void;
}) {
  const name = text(rule["name"]) ?? "(no name)";
  const kind = text(rule["kind"]) ?? "rule";
  return (
    <li className="flex items-start gap-2 px-3 py-2.5">
      <div className="grid min-w-0 flex-1 gap-x-4 gap-y-1 md:grid-cols-[12rem_minmax(0,1fr)_minmax(0,1fr)]">
        <span className="flex flex-wrap items-center gap-2">
          {onEdit === undefined ? (
            <span className="font-medium wrap-anywhere">{name}</span>
          ) : (
            <button type="button" onClick={onEdit} className="rounded text-left font-medium wrap-anywhere hover:text-accent hover:underline">
              {name}
            </button>
          )}
          <Badge>{KINDS.find(({ value }) => value === kind)?.label ?? words(kind)}</Badge>
        </span>
        <span className="wrap-anywhere">{ruleInWords(rule)}</span>
        <span className="text-muted wrap-anywhere">{scopeInWords(rule)}</span>
        {[...refused].map(([field, reason]) => (
          <span key={field} className="text-xs text-bad wrap-anywhere md:col-span-3">
            {field.replaceAll("_", " ")} {reason}
          </span>
        ))}
      </div>
      {onRemove !== undefined && <IconButton size="small" label={`Take ${name} away`} icon={Trash2} onClick={onRemove} />}
    </li>
  );
}

/** The last look before it holds for everybody. */
function Review({
  draft,
  onClose,
  onDiscard,
  onRefused,
}: {
  draft: Draft;
  onClose: () => void;
  onDiscard: () => void;
  onRefused: (refused: ReadonlyMap<string, string>) => void;
}) {
  const api = useApi();
  const queries = useQueryClient();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  const { rules, from } = draft;
  const save = useMutation({
    mutationFn: () => api.put("/api/v1/guardrails", { rules, reason: reason.trim() }, from.etag === null ? {} : { ifMatch: from.etag }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["guardrails"] });
      toast({ title: "The guardrails are saved", detail: "What has not begun yet goes by them.", tone: "good" });
      onDiscard();
    },
    onError: (failure) => {
      if (failure instanceof ProblemError) {
        onRefused(failure.fields);
      }
    },
  });
  const isStale = save.error instanceof ProblemError && save.error.status === 412;
  const reasons = save.error instanceof ProblemError && save.error.fields.size > 0 ? [...save.error.fields].map(([field, said]) => `${nameOf(field, rules)} ${said}`) : [messageOf(save.error)];
  return (
    <Sheet
      open
      wide
      onClose={onClose}
      title="What changes"
      description="It holds for every action of this client that has not begun."
      footer={
        <>
          <Button onClick={onClose} disabled={save.isPending}>
            Back
          </Button>
          <Button
            look="primary"
            disabled={save.isPending}
            onClick={() => {
              setMissing(reason.trim() === "");
              if (reason.trim() !== "") {
                save.mutate();
              }
            }}
          >
            {save.isPending ? "Saving…" : "Save the guardrails"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextArea
          label="Reason"
          required
          rows={2}
          maxLength={500}
          value={reason}
          hint="For whoever reads the history."
          problem={isMissing && reason.trim() === "" ? "Say why: others must know." : undefined}
          onChange={(event) => setReason(event.target.value)}
        />
        {save.isError && (
          <div className="flex flex-col items-start gap-2">
            <Problem>
              {isStale
                ? "Somebody has changed them meanwhile. Load what they saved, and make your change again."
                : reasons.map((said) => (
                    <span key={said} className="block">
                      {said}
                    </span>
                  ))}
            </Problem>
            {isStale && (
              <Button
                size="small"
                onClick={() => {
                  void queries.invalidateQueries({ queryKey: ["guardrails"] });
                  onDiscard();
                }}
              >
                Load what was saved
              </Button>
            )}
          </div>
        )}
        <Changes before={from.rules} after={rules} />
      </div>
    </Sheet>
  );
}

/** `rules[2].pause` as `calm: pause`. */
function nameOf(field: string, rules: readonly JsonObject[]): string {
  const parts = /^rules\[(\d+)\]\.(.+)$/.exec(field);
  const name = text(rules[Number(parts?.[1])]?.["name"]);
  return parts === null ? field.replaceAll("_", " ") : `${name ?? `rule ${Number(parts[1]) + 1}`}: ${(parts[2] ?? "").replaceAll("_", " ")}`;
}

const MARKS = { added: ["good", "New"], removed: ["bad", "Gone"], changed: ["info", "Changed"] } as const;

function Changes({ before, after }: { before: readonly JsonObject[]; after: readonly JsonObject[] }) {
  return (
    <>
      <ul role="list" aria-label="What becomes of the rules" className="flex flex-col gap-2">
        {changesOf(before, after).map(({ kind, name, before: was, after: is }) => (
          <li key={name} className="flex flex-col gap-0.5 wrap-anywhere">
            <span className="flex items-center gap-2">
              <Badge tone={MARKS[kind][0]}>{MARKS[kind][1]}</Badge>
              <span className="font-medium">{name}</span>
            </span>
            {was !== null && (
              <span className="text-muted">
                <span className="sr-only">before: </span>
                <s>{was}</s>
              </span>
            )}
            {is !== null && <span>{is}</span>}
          </li>
        ))}
      </ul>
      <details>
        <summary className="w-fit cursor-pointer rounded text-xs font-medium text-accent">Line by line</summary>
        <div className="mt-2">
          <DiffView before={pretty(before)} after={pretty(after)} />
        </div>
      </details>
    </>
  );
}

/** All that ever held, to be looked at and taken up again. */
function Versions({ current, onTake }: { current: Rulebook; onTake: (rules: readonly JsonObject[]) => void }) {
  const view = useView(["guardrails", "versions"], read("/api/v1/guardrails/versions", ({ body }) => itemsOf(body).map((item) => rulebookOf(item, null))), {
    live: ["actions"],
    matters: ({ type }) => type === "guardrails_changed",
  });
  const earlier = (view.data ?? []).filter(({ version }) => version !== current.version);
  if (earlier.length === 0 && view.error === null) {
    return null;
  }
  return (
    <VersionList
      title="Earlier versions"
      view={view}
      versions={earlier}
      current={current.version}
      told={({ by, at, reason }) => (
        <>
          {by !== null && <>by {actorName(by)}</>} <Time at={at} />
          {reason !== null && (
            <>
              : <q>{reason}</q>
            </>
          )}
        </>
      )}
      changes={({ rules }) => <Changes before={current.rules} after={rules} />}
      onTake={({ rules }) => onTake(rules)}
    />
  );
}
