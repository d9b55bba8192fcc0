import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Pencil, RotateCcw, Trash2 } from "lucide-react";
import { actorName } from "../../lib/actors";
import { useApi } from "../../lib/api";
import { instant, words } from "../../lib/format";
import { isObject, pretty, text, type JsonObject } from "../../lib/json";
import { messageOf, ProblemError } from "../../lib/problem";
import { read, useView } from "../../lib/useView";
import { Section } from "../../parts/action/Section";
import { StatusBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { CopyId } from "../../ui/CopyId";
import { ConfirmDialog, Sheet } from "../../ui/Dialog";
import { DiffView } from "../../ui/DiffView";
import { Facts } from "../../ui/Facts";
import { TextArea } from "../../ui/Field";
import { Json } from "../../ui/Json";
import { Banner } from "../../ui/Notice";
import { ErrorState, SkeletonRows } from "../../ui/States";
import { Time } from "../../ui/Time";
import { useToast } from "../../ui/Toast";

type Asking = "replay" | "discard" | null;

/** One letter with all it holds. Whatever that is, it is shown as text. */
export function LetterSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const view = useView(["dead-letters", "one", id], read(`/api/v1/dead-letters/${encodeURIComponent(id)}`, ({ body }) => (isObject(body) ? body : {})), {
    pollWhenNotLive: 5_000,
  });
  const [asking, setAsking] = useState<Asking>(null);
  const [edited, setEdited] = useState<string | null>(null);
  const letter = isObject(view.data?.["letter"]) ? view.data["letter"] : null;
  const state = text(letter?.["state"]) ?? "open";
  const value = isObject(view.data?.["value"]) ? view.data["value"] : null;
  const before = isObject(view.data?.["edited"]) ? view.data["edited"] : null;
  const headers = (Array.isArray(view.data?.["headers"]) ? (view.data["headers"] as unknown[]) : []).filter(isObject);
  const isOpen = letter !== null && state === "open";
  const original = value !== null && value["encoding"] === "json" ? pretty(value["data"]) : value === null ? "" : String(value["data"]);
  const canEdit = value === null || (value["encoding"] !== "base64" && value["truncated"] !== true);
  const parsed = edited === null ? null : parse(edited);
  return (
    <Sheet
      open
      wide
      onClose={onClose}
      title="Dead letter"
      {...(letter === null ? {} : { description: text(letter["topic"]) ?? "" })}
      {...(isOpen
        ? {
            footer: (
              <>
                <Button look="bad" icon={Trash2} onClick={() => setAsking("discard")}>
                  Discard
                </Button>
                {edited === null ? (
                  canEdit && (
                    <Button icon={Pencil} onClick={() => setEdited(original)}>
                      Edit the value
                    </Button>
                  )
                ) : (
                  <Button onClick={() => setEdited(null)}>Leave it as it was</Button>
                )}
                <Button look="primary" icon={RotateCcw} disabled={parsed !== null && parsed.problem !== null} onClick={() => setAsking("replay")}>
                  {edited === null ? "Replay" : "Replay edited"}
                </Button>
              </>
            ),
          }
        : {})}
    >
      {letter === null ? (
        view.error === null ? <SkeletonRows rows={8} /> : <ErrorState error={view.error} onRetry={view.refresh} />
      ) : (
        <div className="-m-4 flex flex-col">
          <div className="flex flex-col gap-2 px-4 py-3">
            <div className="flex flex-wrap items-center gap-3 text-xs text-muted">
              <StatusBadge status={state} />
              <span>
                Set aside <Time at={instant(text(letter["set_aside_at"]))} />
              </span>
            </div>
            <p className="text-base wrap-anywhere">{text(letter["reason"])}</p>
          </div>
          {(text(letter["settled_by"]) !== null || text(letter["note"]) !== null) && (
            <Banner tone={state === "open" ? "warn" : "neutral"}>
              {text(letter["settled_by"]) !== null && (
                <>
                  {words(state)} by {actorName(text(letter["settled_by"]) ?? "")} <Time at={instant(text(letter["settled_at"]))} />
                </>
              )}
              {text(letter["note"]) !== null && <> {text(letter["note"])}</>}
            </Banner>
          )}
          <Section title="Record">
            <Facts
              facts={[
                { name: "Consumer", value: text(letter["consumer"]) },
                { name: "Read at", value: text(letter["origin"]) },
                { name: "Event", value: text(letter["event_type"]) },
                { name: "Event id", value: text(letter["event_id"]) !== null && <CopyId id={text(letter["event_id"]) ?? ""} name="event id" full /> },
                { name: "Key", value: text(letter["key"]) },
                { name: "Failed before as", value: text(letter["replay_of"]) !== null && <CopyId id={text(letter["replay_of"]) ?? ""} name="letter id" full /> },
              ]}
            />
          </Section>
          <Section title={edited === null ? "Value" : "Value, to be edited"} aside={value !== null && <Size value={value} />}>
            {edited !== null ? (
              <>
                <TextArea
                  label="Value as JSON"
                  rows={14}
                  spellCheck={false}
                  autoFocus
                  className="[&_textarea]:font-mono [&_textarea]:text-xs"
                  value={edited}
                  problem={parsed?.problem ?? undefined}
                  hint="Key, headers and event id stay. What is signed is worthless once edited."
                  onChange={(event) => setEdited(event.target.value)}
                />
                {parsed?.problem === null && edited !== original && <DiffView label="What you changed" before={original} after={edited} />}
              </>
            ) : (
              <Value value={value} />
            )}
          </Section>
          {before !== null && (
            <Section title="Published in its place" aside={<Size value={before} />}>
              <Value value={before} />
            </Section>
          )}
          {headers.length > 0 && (
            <Section title="Headers">
              <Facts facts={headers.map((header) => ({ name: text(header["name"]) ?? "", value: text(header["value"]) ?? "–" }))} />
            </Section>
          )}
        </div>
      )}
      {asking !== null && (
        <Settle
          id={id}
          asking={asking}
          {...(edited === null || parsed === null ? {} : { value: parsed.value })}
          isEdited={edited !== null}
          onClose={() => setAsking(null)}
          onDone={() => setEdited(null)}
        />
      )}
    </Sheet>
  );
}

function Settle({
  id,
  asking,
  value,
  isEdited,
  onClose,
  onDone,
}: {
  id: string;
  asking: "replay" | "discard";
  value?: unknown;
  isEdited: boolean;
  onClose: () => void;
  onDone: () => void;
}) {
  const api = useApi();
  const queries = useQueryClient();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const discards = asking === "discard";
  const address = `/api/v1/dead-letters/${encodeURIComponent(id)}/${asking}`;
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={discards ? "Give it up?" : isEdited ? "Replay the edited record?" : "Replay the record?"}
      description={
        discards
          ? "It is kept for a while and never tried again."
          : "It goes back to its topic, and only the consumer that could not use it takes it. If it fails again, that is a new letter."
      }
      confirm={discards ? "Discard" : "Replay"}
      danger={discards}
      onConfirm={async () => {
        try {
          if (discards) {
            if (reason.trim() === "") {
              throw new ProblemError("Say why: others must know.", 422);
            }
            await api.post(address, { reason: reason.trim() });
          } else {
            await api.post(address, isEdited ? { value } : undefined);
          }
          toast({ title: discards ? "Discarded" : "It is published again", tone: discards ? "neutral" : "good" });
          onDone();
        } finally {
          // Also after a failure: somebody else may have decided.
          void queries.invalidateQueries({ queryKey: ["dead-letters"] });
        }
      }}
    >
      {discards && <TextArea label="Reason" rows={2} required maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
    </ConfirmDialog>
  );
}

function Value({ value }: { value: JsonObject | null }) {
  if (value === null) {
    return <p className="text-muted">It has no value.</p>;
  }
  return value["encoding"] === "json" ? (
    <Json value={value["data"]} openDepth={3} />
  ) : (
    <pre
      tabIndex={0}
      aria-label="Value"
      className="max-h-96 overflow-auto rounded-md border border-line bg-canvas px-2.5 py-1.5 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap"
    >
      {String(value["data"])}
    </pre>
  );
}

function Size({ value }: { value: JsonObject }) {
  return (
    <span className="text-xs text-muted tabular-nums">
      {typeof value["size"] === "number" && `${value["size"].toLocaleString()} bytes`}
      {value["encoding"] !== "json" && `, ${String(value["encoding"])}`}
      {value["truncated"] === true && ", only the beginning is shown"}
    </span>
  );
}

function parse(typed: string): { readonly value: unknown; readonly problem: string | null } {
  try {
    return { value: JSON.parse(typed), problem: null };
  } catch (failure) {
    return { value: null, problem: `This is not JSON: ${messageOf(failure)}` };
  }
}
