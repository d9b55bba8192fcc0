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
  readonly status: string;
  readonly size: number | null;
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
  const file = useMutation({
    mutationFn: async () => {
      saveFile(await api.download(`${path}/exports/${encodeURIComponent(exportId ?? "")}/content`), `customer-${customerId}.zip`);
    },
  });
  const status = exportId === undefined ? null : (state.data?.status ?? "pending");
  const failure = request.error ?? file.error ?? (status === "pending" ? state.error : null);

  return (
    <Panel title="Personal data">
      <div className="flex flex-col gap-3 p-3">
        <p className="text-muted">A ZIP with all that is known: the customer, each ticket with its messages, the files.</p>
        {status === "pending" && <Progress label="Preparing the export" />}
        <p role="status" className="text-muted empty:hidden">
          {status === "pending"
            ? "Being put together…"
            : status === "ready"
              ? `Ready${sizeOf(state.data?.size ?? null)}. It is kept for some days.`
              : status === "expired"
                ? "The export is gone. Ask for another one."
                : null}
        </p>
        {failure !== null && <Problem>{messageOf(failure)}</Problem>}
        <div className="flex flex-wrap gap-2">
          {status === "ready" ? (
            <Button icon={Download} disabled={file.isPending} onClick={() => file.mutate()}>
              {file.isPending ? "Downloading…" : "Download ZIP"}
            </Button>
          ) : (
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
  return { status: text(found["status"]) ?? "pending", size: typeof found["size"] === "number" ? found["size"] : null };
}

function sizeOf(bytes: number | null): string {
  return bytes === null ? "" : bytes < 100_000 ? `, ${Math.ceil(bytes / 1_000)} kB` : `, ${(bytes / 1_000_000).toFixed(1)} MB`;
}
