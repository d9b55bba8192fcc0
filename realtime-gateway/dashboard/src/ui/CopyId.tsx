import { useEffect, useRef, useState } from "react";
import { shortId } from "../lib/format";

const CONFIRMATION_MS = 1_500;

/** A short id that copies the whole one. */
export function CopyId({ id, name, full = false, tabIndex }: { id: string; name: string; full?: boolean; tabIndex?: number }) {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = async () => {
    if (await copyText(id)) {
      setCopied(true);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setCopied(false), CONFIRMATION_MS);
    }
  };

  const shown = full ? id : shortId(id);
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      title={`Copy ${name} ${id}`}
      // What is seen is part of the name: who speaks to the computer says that.
      aria-label={`Copy ${name} ${shown}`}
      onClick={() => void copy()}
      className="relative -mx-1 rounded px-1 py-0.5 text-left font-mono text-xs text-muted hover:bg-raised hover:text-ink"
    >
      <span className={`break-all ${copied ? "invisible" : ""}`}>{shown}</span>
      <span role="status" className="absolute inset-0 flex items-center px-1 text-good">
        {copied ? "Copied" : ""}
      </span>
    </button>
  );
}

/** False where the browser allows no access to the clipboard (a page without TLS, a refusal by its user). */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
