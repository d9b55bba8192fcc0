import { useMutation } from "@tanstack/react-query";
import { Download, Eraser, FileArchive } from "lucide-react";
import { useState } from "react";
import { useApi } from "../../lib/api";
import { isObject, text } from "../../lib/json";
import { messageOf } from "../../lib/problem";
import { saveFile } from "../../lib/saveFile";
import { read, useView } from "../../lib/useView";
import { Button } from "../../ui/Button";
import { Problem } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { Progress } from "../../ui/Progress";

interface Export {
  readonly id: string | null;
  readonly status: string;
  readonly size: number | null;
  /** How many answers of other services are there, of how many; null while that is not known. */
  readonly answers: { readonly got: number; readonly of: number } | null;
  /** Services of which something is missing in the file. */
  readonly incomplete: readonly string[];
}

/** What a person may ask for about themselves: a copy of everything, and that it goes. For administrators. */
export function PersonalData({ customerId, onErase }: { customerId: string; onErase: () => void }) {
  const api = useApi();
  const path = `/api/v1/customers/${encodeURIComponent(customerId)}`;
  const [isOver, setIsOver] = useState(false);
  const request = useMutation({
    mutationFn: async () => {
      setIsOver(false);
      const { body } = await api.post(`${path}/export`);
      const id = isObject(body) ? text(body["export_id"]) : null;
      if (id === null) {
        throw new Error("The export was accepted, but not named. Try again.");
      }
      return id;
    },
  });
  const exportId = request.data;
  const state = useView(
    ["customer", customerId, "export", exportId],
    async (asked, signal) => {
      const address = `${path}/exports/${encodeURIComponent(exportId ?? "")}`;
      const found = await read(address, ({ body }) => exportOf(body))(asked, signal);
      setIsOver(found.status !== "pending");
      return found;
    },
    { enabled: exportId !== undefined && !isOver, pollWhenNotLive: 2_000 },
  );
  // Until the first is read of another export, the view still has the one before.
  const shown = exportId !== undefined && state.data?.id === exportId ? state.data : undefined;
  const incomplete = shown?.incomplete ?? [];
  const answers = shown?.answers ?? null;
  const file = useMutation({
    mutationFn: async () => {
      const name = `customer-${customerId}${incomplete.length > 0 ? "-incomplete" : ""}.zip`;
      saveFile(await api.download(`${path}/exports/${encodeURIComponent(exportId ?? "")}/content`), name);
    },
  });
  const status = exportId === undefined ? null : (shown?.status ?? "pending");
  const failure = request.error ?? file.error ?? (status === "pending" ? state.error : null);

  return (
    <Panel title="Personal data">
      <div className="flex flex-col gap-3 p-3">
        <p className="text-muted">A ZIP with all that is known: the customer, and each ticket with its messages and files, and what was written, decided and done about it.</p>
        {status === "pending" && (
          <Progress label="Preparing the export" {...(answers === null ? {} : { value: answers.got, max: answers.of })} />
        )}
        <p role="status" className="text-muted empty:hidden">
          {status === "pending"
            ? "Being put together…"
            : status === "ready"
              ? `Ready${sizeOf(shown?.size ?? null)}${incomplete.length > 0 ? ", but not complete" : ""}. It is kept for some days.`
              : status === "expired"
                ? "The export is gone. Ask for another one."
                : null}
        </p>
        {status === "pending" && answers !== null && (
          <p className="text-muted">
            {answers.got} of {answers.of} answers of other services are there.
          </p>
        )}
        {status === "ready" && incomplete.length > 0 && (
          <Problem>
            Something is missing: {incomplete.join(", ")} did not answer in time. The file missing.json names the tickets. Ask for another export
            later.
          </Problem>
        )}
        {failure !== null && <Problem>{messageOf(failure)}</Problem>}
        <div className="flex flex-wrap gap-2">
          {status === "ready" && (
            <Button icon={Download} disabled={file.isPending} onClick={() => file.mutate()}>
              {file.isPending ? "Downloading…" : "Download ZIP"}
            </Button>
          )}
          {(status !== "ready" || incomplete.length > 0) && (
            <Button
              icon={FileArchive}
              disabled={request.isPending || status === "pending"}
              onClick={() => request.mutate()}
            >
              {request.isPending || status === "pending" ? "Preparing…" : "Export"}
            </Button>
          )}
          <Button look="bad" icon={Eraser} onClick={onErase}>
            Erase…
          </Button>
        </div>
      </div>
    </Panel>
  );
}

function exportOf(body: unknown): Export {
  const found = isObject(body) ? body : {};
  const got = found["answers"];
  const of = found["answers_expected"];
  return {
    id: text(found["export_id"]),
    status: text(found["status"]) ?? "pending",
    size: typeof found["size"] === "number" ? found["size"] : null,
    answers: typeof got === "number" && typeof of === "number" && of > 0 ? { got, of } : null,
    incomplete: Array.isArray(found["incomplete"]) ? found["incomplete"].filter((name) => typeof name === "string") : [],
  };
}

function sizeOf(bytes: number | null): string {
  return bytes === null ? "" : bytes < 100_000 ? `, ${Math.ceil(bytes / 1_000)} kB` : `, ${(bytes / 1_000_000).toFixed(1)} MB`;
}
