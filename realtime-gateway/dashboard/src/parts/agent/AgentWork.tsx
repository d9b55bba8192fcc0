import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useApi } from "../../lib/api";
import { dateTime, timeOfDay, words } from "../../lib/format";
import { messageOf } from "../../lib/problem";
import { Badge, type Tone } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Disclosure } from "../../ui/Disclosure";
import { Problem } from "../../ui/Notice";
import { runsOf, told, type Run } from "./runs";
import { TranscriptView } from "./TranscriptView";

const TONES: ReadonlyMap<string, Tone> = new Map<string, Tone>([
  ["resolved", "good"],
  ["escalated", "warn"],
  ["parked", "warn"],
  ["failed", "bad"],
]);

/** What the agent did about a ticket, step by step. */
export function AgentWork({ ticketId }: { ticketId: string }) {
  const api = useApi();
  const [looking, setLooking] = useState(() => ({ at: ticketId, since: Date.now() }));
  if (looking.at !== ticketId) {
    setLooking({ at: ticketId, since: Date.now() });
  }
  const query = useQuery(runsOf(api, ticketId, looking.since));
  const runs = query.data;
  const heading = useId();

  return (
    <section aria-labelledby={heading}>
      <h3 id={heading} className="mb-1.5 text-xs font-medium text-muted">
        Agent
      </h3>
      {query.isError && (
        <div className="mb-2 flex flex-col gap-2">
          <Problem>{messageOf(query.error)}</Problem>
          <Button size="small" className="self-start" onClick={() => void query.refetch()}>
            Try again
          </Button>
        </div>
      )}
      {runs === undefined ? (
        !query.isError && <p className="text-muted">Loading…</p>
      ) : runs.length === 0 ? (
        <div className="flex flex-col gap-2">
          <p className="text-muted">The agent has not taken up this ticket.</p>
          <Button
            size="small"
            className="self-start"
            onClick={() => {
              setLooking({ at: ticketId, since: Date.now() });
              void query.refetch();
            }}
          >
            Look again
          </Button>
        </div>
      ) : (
        <ol role="list" className="flex flex-col gap-2">
          {runs.map((run, index) => (
            <RunView key={run.id} run={run} initiallyOpen={index === 0} />
          ))}
        </ol>
      )}
    </section>
  );
}

function RunView({ run, initiallyOpen }: { run: Run; initiallyOpen: boolean }) {
  return (
    <li className="rounded-md border border-line">
      <Disclosure
        initiallyOpen={initiallyOpen}
        row={
          <>
            <span className="min-w-0 flex-1 truncate font-medium">{engineOf(run)}</span>
            {run.startedAt !== null && (
              <time
                dateTime={new Date(run.startedAt).toISOString()}
                title={dateTime(run.startedAt)}
                className="text-xs text-muted tabular-nums"
              >
                {timeOfDay(run.startedAt)}
              </time>
            )}
            <Badge tone={TONES.get(run.status) ?? "neutral"}>{words(run.status)}</Badge>
          </>
        }
      >
        <RunBody run={run} />
      </Disclosure>
    </li>
  );
}

function RunBody({ run }: { run: Run }) {
  const fellBack = told(run, "fell_back");
  const redacted = told(run, "redacted");
  return (
    <>
      {fellBack !== null && (
        <p className="mb-2 rounded-md bg-warn-soft px-2.5 py-1.5 text-warn wrap-anywhere">Fell back: {fellBack}</p>
      )}
      <dl className="grid grid-cols-[6rem_minmax(0,1fr)] items-start gap-x-3 gap-y-1">
        {run.category !== null && <Entry name="Category">{words(run.category)}</Entry>}
        {run.language !== null && <Entry name="Language">{run.language}</Entry>}
        {redacted !== null && <Entry name="Redacted">{redacted}</Entry>}
        {run.usage !== null && (
          <>
            <Entry name="Tokens">
              {run.usage.inputTokens.toLocaleString()} in, {run.usage.outputTokens.toLocaleString()} out
            </Entry>
            <Entry name="Cost">{money(run.usage.cost)}</Entry>
          </>
        )}
      </dl>
      <h4 className="mt-3 mb-1 text-xs font-medium text-muted">Steps</h4>
      {run.steps.length === 0 ? (
        <p className="text-muted">It waits for its turn.</p>
      ) : (
        <ol role="list" aria-label="Steps" className="flex flex-col gap-1">
          {run.steps.map((step, index) => (
            <li key={index} className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3">
              <span className="font-mono text-xs leading-5 text-muted tabular-nums">
                {step.at === null ? "" : timeOfDay(step.at)}
              </span>
              <span className="wrap-anywhere">
                <span className="font-medium">{words(step.name)}</span>
                {step.detail !== "" && <span className="text-muted"> {step.detail}</span>}
              </span>
            </li>
          ))}
        </ol>
      )}
      {run.usage !== null && <TranscriptView run={run} />}
    </>
  );
}

function Entry({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-xs leading-5 text-muted">{name}</dt>
      <dd className="min-w-0 tabular-nums wrap-anywhere">{children}</dd>
    </>
  );
}

function engineOf(run: Run): string {
  return run.engine === "local" ? "Local engine" : `Model ${run.engine}`;
}

/** Runs cost fractions of a cent, which must not read as nothing. */
function money(dollars: number): string {
  return `US$ ${dollars.toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`;
}
