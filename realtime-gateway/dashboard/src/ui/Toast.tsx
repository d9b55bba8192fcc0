import { createContext, use, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { X } from "lucide-react";
import { cx } from "../lib/cx";
import type { Tone } from "./Badge";
import { Button, IconButton } from "./Button";
import { TONE_ICONS } from "./Notice";

export interface ToastMessage {
  /** A later one with the same key takes the place of this one. */
  readonly key?: string;
  readonly title: string;
  readonly detail?: string;
  readonly tone?: Tone;
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface Shown extends ToastMessage {
  readonly id: number;
}

const KEPT = 4;
const STAYS_MS = 6_000;

const ToastContext = createContext<((message: ToastMessage) => void) | null>(null);

/** Says something that matters wherever one is: `toast({ title: "Refund executed", tone: "good" })`. */
export function useToast(): (message: ToastMessage) => void {
  const toast = use(ToastContext);
  if (toast === null) {
    throw new Error("useToast needs a ToastProvider around it");
  }
  return toast;
}

export function ToastProvider({ children }: { children: React.ReactNode }) {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const nextId = useRef(0);
  const toast = useCallback((message: ToastMessage) => {
    const id = nextId.current++;
    setShown((before) => bounded([...before.filter(({ key }) => key === undefined || key !== message.key), { ...message, id }]));
  }, []);
  const drop = useCallback((id: number) => setShown((before) => before.filter((each) => each.id !== id)), []);
  const region = useMemo(
    () => (
      <ol
        role="list"
        aria-label="Messages"
        aria-live="polite"
        // Above the lowest edge: there stand the buttons that decide.
        className="pointer-events-none fixed right-3 bottom-20 left-3 z-50 flex flex-col gap-2 sm:left-auto sm:w-88"
      >
        {shown.map((each) => (
          <Toast key={each.id} message={each} onDone={drop} />
        ))}
      </ol>
    ),
    [shown, drop],
  );
  return (
    <ToastContext value={toast}>
      {children}
      {region}
    </ToastContext>
  );
}

/** The newest; a failure, which stays until it was read, goes last. */
function bounded(all: readonly Shown[]): readonly Shown[] {
  if (all.length <= KEPT) {
    return all;
  }
  const leaves = all.find(({ tone }, index) => tone !== "bad" && index < all.length - 1) ?? all[0];
  return all.filter((each) => each !== leaves);
}

function Toast({ message, onDone }: { message: Shown; onDone: (id: number) => void }) {
  const { id, title, detail, tone = "neutral", action } = message;
  const [held, setHeld] = useState(false);
  useEffect(() => {
    // A failure stays until it was read, and nothing goes from under the pointer.
    if (!held && tone !== "bad") {
      const timer = setTimeout(() => onDone(id), STAYS_MS);
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [held, tone, id, onDone]);
  const Icon = TONE_ICONS[tone];
  return (
    <li
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex items-start gap-2.5 rounded-lg border border-line bg-surface p-3 shadow-overlay animate-slide"
    >
      <Icon
        aria-hidden="true"
        className={cx("mt-0.5 size-4 shrink-0", tone === "bad" ? "text-bad" : tone === "warn" ? "text-warn" : tone === "good" ? "text-good" : "text-muted")}
      />
      <div className="min-w-0 flex-1">
        <p className="font-medium wrap-anywhere">{title}</p>
        {detail !== undefined && <p className="text-muted wrap-anywhere">{detail}</p>}
        {action !== undefined && (
          <Button
            size="small"
            className="mt-2"
            onClick={() => {
              action.run();
              onDone(id);
            }}
          >
            {action.label}
          </Button>
        )}
      </div>
      <IconButton label="Dismiss" icon={X} size="small" className="-m-1" onClick={() => onDone(id)} />
    </li>
  );
}
