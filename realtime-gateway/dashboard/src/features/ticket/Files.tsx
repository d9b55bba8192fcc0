import { useMutation } from "@tanstack/react-query";
import { Download, File, FileArchive, FileText, Image } from "lucide-react";
import { useApi } from "../../lib/api";
import { cx } from "../../lib/cx";
import { messageOf } from "../../lib/problem";
import { useToast } from "../../ui/Toast";
import { bytes, ticketPath, type TicketFile } from "./ticket";

/** Files to be saved. Whatever they are, none is shown here: what a stranger sends is not opened in this page. */
export function FileList({
  ticketId,
  files,
  className = "mt-2",
}: {
  ticketId: string;
  files: readonly TicketFile[];
  className?: string;
}) {
  const api = useApi();
  const toast = useToast();
  const download = useMutation({
    mutationFn: async (file: TicketFile) => {
      save(await api.download(`${ticketPath(ticketId)}/attachments/${encodeURIComponent(file.id)}`), file.name);
    },
    onError: (error, file) => toast({ tone: "bad", title: `${file.name} could not be fetched`, detail: messageOf(error) }),
  });
  return (
    <ul role="list" aria-label="Files" className={cx("flex flex-wrap gap-2", className)}>
      {files.map((file) => {
        const Icon = iconOf(file.type);
        return (
          <li key={file.id} className="min-w-0">
            <button
              type="button"
              title={file.name}
              disabled={download.isPending && download.variables.id === file.id}
              onClick={() => download.mutate(file)}
              className="group flex h-9 max-w-64 items-center gap-2 rounded-md border border-line bg-surface px-2 text-left text-xs hover:bg-raised disabled:opacity-60 pointer-coarse:h-11"
            >
              <Icon aria-hidden="true" className="size-4 shrink-0 text-muted" />
              <span className="sr-only">Save</span>
              <span className="min-w-0 flex-1 truncate">{file.name}</span>
              <span className="shrink-0 text-muted tabular-nums">{bytes(file.size)}</span>
              <Download aria-hidden="true" className="size-3.5 shrink-0 text-muted group-hover:text-ink" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function iconOf(type: string) {
  if (type.startsWith("image/")) {
    return Image;
  }
  if (type.startsWith("text/") || type.includes("pdf") || type.includes("document")) {
    return FileText;
  }
  return type.includes("zip") || type.includes("compressed") ? FileArchive : File;
}

/** A browser may ask where to save it before it begins to read. */
const KEPT_MS = 60_000;

function save(content: Blob, name: string): void {
  // As bytes of no kind: a browser must save it and not look into it.
  const url = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
