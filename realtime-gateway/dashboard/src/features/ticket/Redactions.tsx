import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { EyeOff } from "lucide-react";
import { useApi } from "../../lib/api";
import { instant, words } from "../../lib/format";
import { isObject, text } from "../../lib/json";
import { messageOf } from "../../lib/problem";
import { useHasRole } from "../../lib/session";
import { read, useView } from "../../lib/useView";
import { runsOf, told } from "../../parts/agent/runs";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/Field";
import { Problem } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { Time } from "../../ui/Time";
import { PartFailed } from "../../ui/PartFailed";
import { nameOf, objects } from "./ticket";

interface Redactions {
  readonly counts: readonly (readonly [kind: string, count: number])[];
  readonly reveals: readonly { readonly by: string; readonly reason: string; readonly at: number | null }[];
}

/** What no model saw of this ticket. The values are shown to an administrator who says why, and that is written down. */
export function RedactionsPanel({ ticketId, version }: { ticketId: string; version: number }) {
  const mayReveal = useHasRole("admin");
  const [asking, setAsking] = useState(false);
  const api = useApi();
  const [since] = useState(() => Date.now());
  // Its runs say whether anything was taken out at all; where nothing was there is nothing to ask for.
  const runs = useQuery(runsOf(api, ticketId, since));
  const isRedacted = runs.data?.some((run) => !(told(run, "redacted") ?? "nothing").startsWith("nothing")) ?? false;
  const address = `/api/v1/agent/tickets/${encodeURIComponent(ticketId)}/redactions`;
  const view = useView(
    ["ticket", ticketId, "redactions", version],
    read(address, ({ body }) => redactionsOf(body)),
    { enabled: isRedacted },
  );
  if (view.data === undefined && view.error !== null) {
    return (
      <Panel title="Personal data">
        <PartFailed error={view.error} onRetry={view.refresh} />
      </Panel>
    );
  }
  if (view.data === undefined) {
    return null;
  }
  const { counts, reveals } = view.data;
  return (
    <Panel title="Personal data">
      <div className="flex flex-col gap-2 p-3">
        {counts.length === 0 ? (
          <p className="text-muted">None was found in what the agent read.</p>
        ) : (
          <>
            <p className="text-xs text-muted">Kept from every model, by kind:</p>
            <ul role="list" aria-label="Redacted" className="flex flex-wrap gap-1.5">
              {counts.map(([kind, count]) => (
                <li key={kind}>
                  <Badge>
                    <EyeOff aria-hidden="true" className="size-3" />
                    {words(kind)} <span className="tabular-nums">{count}</span>
                  </Badge>
                </li>
              ))}
            </ul>
            {mayReveal && (
              <Button size="small" className="self-start" onClick={() => setAsking(true)}>
                Show the values
              </Button>
            )}
          </>
        )}
        {reveals.map(({ by, reason, at }, index) => (
          <p key={index} className="text-xs text-muted wrap-anywhere">
            Seen by {nameOf(by)} <Time at={at} />: {reason}
          </p>
        ))}
      </div>
      {asking && <Reveal ticketId={ticketId} address={address} onClose={() => setAsking(false)} />}
    </Panel>
  );
}

function Reveal({ ticketId, address, onClose }: { ticketId: string; address: string; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  // Not kept: closed, they have to be asked for again, with another reason and another trace.
  const reveal = useMutation({
    gcTime: 0,
    mutationFn: async () => {
      const { body } = await api.post(`${address}/reveal`, { reason: reason.trim() });
      return isObject(body) && isObject(body["values"]) ? Object.entries(body["values"]) : [];
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["ticket", ticketId, "redactions"] }),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Show personal data"
      description="Who saw it, when and why stands in the audit log."
      footer={
        reveal.isSuccess ? (
          <Button onClick={onClose}>Close</Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" disabled={reason.trim() === "" || reveal.isPending} onClick={() => reveal.mutate()}>
              {reveal.isPending ? "Working…" : "Show"}
            </Button>
          </>
        )
      }
    >
      {reveal.isSuccess ? (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
          {reveal.data.map(([token, value]) => (
            <div key={token} className="contents">
              <dt className="font-mono text-xs leading-5 text-muted">{token}</dt>
              <dd className="wrap-anywhere">{String(value)}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <div className="flex flex-col gap-3">
          <TextArea
            label="Why you have to see it"
            rows={2}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          {reveal.isError && <Problem>{messageOf(reveal.error)}</Problem>}
        </div>
      )}
    </Dialog>
  );
}

function redactionsOf(body: unknown): Redactions {
  const from = isObject(body) ? body : {};
  return {
    counts: isObject(from["counts"])
      ? Object.entries(from["counts"]).flatMap(([kind, count]) => (typeof count === "number" ? [[kind, count] as const] : []))
      : [],
    reveals: objects(from["reveals"]).map((each) => ({
      by: text(each["revealed_by"]) ?? "",
      reason: text(each["reason"]) ?? "",
      at: instant(text(each["revealed_at"])),
    })),
  };
}
