import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useApi } from "../../lib/api";
import { age, instant } from "../../lib/format";
import { itemsOf, text, type JsonObject } from "../../lib/json";
import { useHasRole } from "../../lib/session";
import { read, useView } from "../../lib/useView";
import { useClock } from "../../lib/clock";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Banner } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { ErrorState, SkeletonRows } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { Rules } from "./RuleBook";

/** The limits within which actions begin, and what they bar now. */
export function Guardrails() {
  return (
    <div className="flex flex-col gap-4 lg:h-full lg:overflow-y-auto">
      <Breakers />
      <Rules />
    </div>
  );
}

/** Targets that actions failed on of late, and until when nothing begins on them. */
function Breakers() {
  const view = useView(["guardrails", "breakers"], read("/api/v1/guardrails/breakers", ({ body }) => itemsOf(body)), {
    live: ["actions"],
    matters: ({ type }) => ["breaker_opened", "breaker_reset", "action_failed", "action_succeeded"].includes(type),
    minGap: 2_000,
  });
  return (
    <Panel title="Breakers" count={view.data?.length} actions={<Age at={view.at} className="ml-auto" />} className="shrink-0">
      {view.error !== null && view.data !== undefined && <Banner tone="warn">{view.error.message} What was read last is shown.</Banner>}
      {view.data === undefined ? (
        view.error === null ? <SkeletonRows rows={2} /> : <ErrorState error={view.error} onRetry={view.refresh} />
      ) : view.data.length === 0 ? (
        <p className="flex items-center gap-2 p-3 text-muted">
          <ShieldCheck aria-hidden="true" className="size-4 shrink-0 text-good" />
          No target has failed of late.
        </p>
      ) : (
        <ul role="list" className="divide-y divide-line">
          {view.data.map((breaker) => (
            <Breaker key={`${text(breaker["rule"])} ${text(breaker["target"])}`} breaker={breaker} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Breaker({ breaker }: { breaker: JsonObject }) {
  const api = useApi();
  const queries = useQueryClient();
  const toast = useToast();
  const isAdmin = useHasRole("admin");
  const now = useClock(5_000);
  const target = text(breaker["target"]) ?? "";
  const until = instant(text(breaker["open_until"]));
  const isOpen = until !== null && until > now;
  const reset = useMutation({
    mutationFn: () => api.post("/api/v1/guardrails/breakers/reset", { target }),
    onSuccess: () => toast({ title: `Actions on ${target} may begin again`, tone: "good" }),
    onError: (failure) => toast({ title: "The breaker was not closed", detail: failure.message, tone: "bad" }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["guardrails", "breakers"] }),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2.5">
      <span className="font-medium wrap-anywhere">{target}</span>
      <Badge tone={isOpen ? "bad" : "warn"}>{isOpen ? "Open" : "Closed"}</Badge>
      <span className="min-w-0 flex-1 basis-64 text-muted wrap-anywhere">
        {String(breaker["failures"])} {breaker["failures"] === 1 ? "failure" : "failures in a row"}, the last{" "}
        <Time at={instant(text(breaker["last_failure_at"]))} />; rule {text(breaker["rule"])}
        {isOpen && <>; nothing begins for {age(until - now)}</>}
      </span>
      {isAdmin && (
        <Button size="small" disabled={reset.isPending} onClick={() => reset.mutate()} aria-label={`Close the breaker of ${target}`}>
          Close
        </Button>
      )}
    </li>
  );
}
