import { useState } from "react";
import { Check, Copy } from "lucide-react";
import { Button } from "../../ui/Button";
import { copyText } from "../../ui/CopyId";
import { Dialog } from "../../ui/Dialog";

/** Secrets are shown once: here. */
export function SecretDialog({ title, secrets, note, onClose }: { title: string; secrets: Readonly<Record<string, string>>; note?: string; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description="Copy it now. It is not shown again."
      footer={
        <Button look="primary" onClick={onClose}>
          I have kept it
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        {Object.entries(secrets).map(([name, value]) => (
          <Copied key={name} name={name} value={value} />
        ))}
        {note !== undefined && <p className="text-xs text-muted">{note}</p>}
      </div>
    </Dialog>
  );
}

export function Copied({ name, value }: { name: string; value: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="flex flex-col gap-1">
      <span className="text-xs font-medium text-muted">{name.replaceAll("_", " ")}</span>
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 rounded-md border border-line bg-canvas px-2.5 py-1.5 font-mono text-xs break-all select-all">{value}</code>
        <Button
          size="small"
          icon={copied ? Check : Copy}
          aria-label={copied ? "Copied" : `Copy ${name.replaceAll("_", " ")}`}
          onClick={() => void copyText(value).then(setCopied)}
        >
          {copied ? "Copied" : "Copy"}
        </Button>
      </div>
    </div>
  );
}
