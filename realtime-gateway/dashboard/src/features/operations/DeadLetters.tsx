import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { MailCheck, RotateCcw } from "lucide-react";
import { useApi } from "../../lib/api";
import { instant, words } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";
import { useList } from "../../lib/useView";
import type { Filter } from "../../parts/action/FilterBar";
import { StatusBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import type { Column } from "../../ui/DataTable";
import { ConfirmDialog } from "../../ui/Dialog";
import { EmptyState } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { LetterSheet } from "./LetterSheet";
import { ListFrame, NarrowEntry, useOpenEntry } from "./ListFrame";

const route = getRouteApi("/shell/operations");

/** A record that a consumer could not use. */
export interface Letter {
  readonly id: string;
  readonly state: string;
  readonly topic: string;
  readonly consumer: string;
  readonly reason: string;
  readonly eventType: string | null;
  readonly setAsideAt: number | null;
}

export function letterOf(item: JsonObject): Letter | null {
  const id = text(item["letter_id"]);
  return id === null
    ? null
    : {
        id,
        state: text(item["state"]) ?? "open",
        topic: text(item["topic"]) ?? "",
        consumer: text(item["consumer"]) ?? "",
        reason: text(item["reason"]) ?? "",
        eventType: text(item["event_type"]),
        setAsideAt: instant(text(item["set_aside_at"])),
      };
}

const COLUMNS: readonly Column<Letter>[] = [
  { id: "state", header: "State", cell: ({ state }) => <StatusBadge status={state} />, width: 130 },
  { id: "topic", header: "Topic", cell: ({ topic }) => topic, grow: 1.2 },
  { id: "event", header: "Event", cell: ({ eventType }) => eventType ?? "–", grow: 1, wideOnly: true },
  { id: "consumer", header: "Consumer", cell: ({ consumer }) => consumer, grow: 1.2, wideOnly: true },
  { id: "reason", header: "Reason", cell: ({ reason }) => reason, grow: 2.5 },
  { id: "at", header: "Set aside", cell: ({ setAsideAt }) => <Time at={setAsideAt} />, width: 110, align: "end" },
];

/** Records that were set aside: looked at, mended, tried again or given up. */
export function DeadLetters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filters: readonly Filter[] = [
    {
      name: "state",
      label: "State",
      value: search.state,
      options: ["open", "replaying", "replayed", "discarded"].map((value) => ({ value, label: words(value) })),
    },
    { name: "topic", label: "Topic", value: search.topic, hint: "ticket.v1" },
    { name: "consumer", label: "Consumer", value: search.consumer, hint: "agent-service.runs" },
    { name: "event_type", label: "Event", value: search.event_type, hint: "ticket_received" },
    { name: "reason", label: "Reason contains", value: search.reason },
  ];
  const query = new URLSearchParams();
  const matched: Record<string, string> = {};
  for (const { name, value } of filters) {
    if (value !== undefined) {
      query.set(name, value);
      if (name !== "state") {
        matched[name] = value;
      }
    }
  }
  const list = useList(["dead-letters"], `/api/v1/dead-letters?${query}`, letterOf);
  const [asking, setAsking] = useState(false);
  const entry = useOpenEntry();
  const open = list.data?.filter(({ state }) => state === "open").length ?? 0;
  return (
    <ListFrame
      label="Dead letters"
      filters={filters}
      onClear={() => void navigate({ search: { tab: "dead-letters" }, replace: true })}
      aside={
        <span className="flex items-center gap-3">
          <Age at={list.at} />
          {open > 0 && (
            <Button icon={RotateCcw} onClick={() => setAsking(true)}>
              Replay all open{Object.keys(matched).length > 0 && " that match"}
            </Button>
          )}
        </span>
      }
      list={list}
      columns={COLUMNS}
      narrow={({ state, topic, reason, setAsideAt }) => (
        <NarrowEntry name={topic} about={reason} status={<StatusBadge status={state} />} at={setAsideAt} />
      )}
      empty={
        <EmptyState title="Nothing was set aside" icon={MailCheck}>
          A record that a service can never use lands here, whole and with the reason.
        </EmptyState>
      }
    >
      {entry.id !== null && <LetterSheet key={entry.id} id={entry.id} onClose={entry.close} />}
      {asking && <ReplayAll matched={matched} onClose={() => setAsking(false)} />}
    </ListFrame>
  );
}

/** At most 500 at once; the answer says whether there are more. */
function ReplayAll({ matched, onClose }: { matched: Readonly<Record<string, string>>; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const toast = useToast();
  const replay = useMutation({
    mutationFn: async () => {
      const { body } = await api.post("/api/v1/dead-letters/replay", matched);
      return isObject(body) ? body : {};
    },
    onSuccess: ({ replaying, more }) =>
      toast({
        title: `${String(replaying)} letters are published again`,
        ...(more === true ? { detail: "There are more: ask again.", tone: "warn" as const } : { tone: "good" as const }),
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["dead-letters"] }),
  });
  const names = Object.entries(matched);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Replay all open letters?"
      description="Each record goes back to its topic, the oldest first, at most 500 at once. Only the consumer that could not use it takes it; what fails again is a new letter."
      confirm="Replay them"
      onConfirm={() => replay.mutateAsync()}
    >
      {names.length > 0 && <p>Those with: {names.map(([name, value]) => `${words(name).toLowerCase()} ${value}`).join(", ")}.</p>}
    </ConfirmDialog>
  );
}
