import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useApi } from "../../lib/api";
import { words } from "../../lib/format";
import { pretty } from "../../lib/json";
import { messageOf } from "../../lib/problem";
import { Button } from "../../ui/Button";
import { Problem } from "../../ui/Notice";
import { transcriptOf, type Call, type Message, type Run, type Transcript } from "./runs";

/** What was said with the model, word for word. Read when it is wanted: it may be long. */
export function TranscriptView({ run }: { run: Run }) {
  const [open, setOpen] = useState(false);
  const body = useId();
  return (
    <div className="mt-3">
      <Button
        size="small"
        aria-expanded={open}
        aria-controls={body}
        onClick={() => setOpen(!open)}
      >
        {open ? "Hide transcript" : "Show transcript"}
      </Button>
      <div id={body} hidden={!open} className="mt-2">
        {open && <Opened run={run} />}
      </div>
    </div>
  );
}

function Opened({ run }: { run: Run }) {
  const api = useApi();
  const query = useQuery(transcriptOf(api, run.id, run.steps.length));
  if (query.isError) {
    return (
      <div className="flex flex-col gap-2">
        <Problem>{messageOf(query.error)}</Problem>
        <Button size="small" className="self-start" onClick={() => void query.refetch()}>
          Try again
        </Button>
      </div>
    );
  }
  if (query.data === undefined) {
    return <p className="text-muted">Loading…</p>;
  }
  return query.data.messages.length === 0 ? (
    <p className="text-muted">Nothing has been said yet.</p>
  ) : (
    <Said transcript={query.data} />
  );
}

function Said({ transcript: { messages, cited } }: { transcript: Transcript }) {
  return (
    <>
      {cited.length > 0 && (
        <p className="mb-2 wrap-anywhere">
          <span className="text-xs text-muted">Rests on </span>
          {cited.map(({ id, title }) => (title === null ? id : `${id} ${title}`)).join(", ")}
        </p>
      )}
      <ol role="list" aria-label="Transcript" className="flex flex-col gap-2">
        {messages.map((message, index) => (
          <li key={index} aria-label={titleOf(message)}>
            <h5 className="text-xs font-medium text-muted">{titleOf(message)}</h5>
            {message.text !== null && <Verbatim>{message.text}</Verbatim>}
            {message.calls.map((call, number) => (
              <div key={number} className="mt-1">
                <p className="font-medium wrap-anywhere">Calls {words(call.tool).toLowerCase()}</p>
                <Verbatim>{argumentsOf(call)}</Verbatim>
              </div>
            ))}
          </li>
        ))}
      </ol>
    </>
  );
}

/** As it is, and as text only: whoever wrote it may wish it were more. */
function Verbatim({ children }: { children: string }) {
  return (
    <pre
      tabIndex={0}
      className="max-h-56 overflow-y-auto rounded-md border border-line bg-canvas px-2.5 py-1.5 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap"
    >
      {children}
    </pre>
  );
}

const TITLES: ReadonlyMap<string, string> = new Map([
  ["system", "Rules"],
  ["user", "Told to the model"],
  ["model", "Model"],
]);

function titleOf({ role, tool }: Message): string {
  return tool === null ? (TITLES.get(role) ?? words(role)) : `Result of ${words(tool).toLowerCase()}`;
}

function argumentsOf({ arguments: written }: Call): string {
  try {
    return pretty(JSON.parse(written));
  } catch {
    return written === "" ? "(no arguments)" : written;
  }
}
