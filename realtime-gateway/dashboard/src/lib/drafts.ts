import { instant } from "./format";
import { isObject, text } from "./json";
import type { Person } from "./session";

/** What somebody has written on a ticket and not sent yet, as this device keeps it. */
export interface Draft {
  readonly text: string;
  /** For colleagues only. */
  readonly internal: boolean;
  /** The key under which it was sent once without an answer: sent again under it, it is said once. */
  readonly attempt: string | null;
}

const PREFIX = "opsrelay.draft.";
/** How long an unsent text is kept after its last change, in milliseconds. */
const KEPT_MS = 7 * 24 * 60 * 60_000;
/** The newest are kept, of all people and clients of this device. */
const MOST = 100;

export function draftKey({ user, clientId }: Person, ticketId: string): string {
  return `${PREFIX}${clientId ?? ""}.${user}.${ticketId}`;
}

/** Null if there is none, or none that is still kept. */
export function readDraft(key: string): Draft | null {
  try {
    sweep();
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    const written = isObject(stored) ? text(stored["text"]) : null;
    return isObject(stored) && written !== null
      ? { text: written, internal: stored["internal"] === true, attempt: text(stored["attempt"]) }
      : null;
  } catch {
    return null; // forbidden, or not ours
  }
}

/** Keeps it; a text without a word is forgotten instead. Where storage is full or forbidden it lasts as long as the page. */
export function keepDraft(key: string, draft: Draft): void {
  try {
    if (draft.text.trim() === "") {
      localStorage.removeItem(key);
    } else {
      localStorage.setItem(key, JSON.stringify({ ...draft, at: new Date().toISOString() }));
    }
  } catch {
    // said above
  }
}

/** Whoever signs out leaves nothing that was written. */
export function forgetDrafts(): void {
  try {
    keys().forEach((key) => localStorage.removeItem(key));
  } catch {
    // then there are none
  }
}

function sweep(): void {
  const kept = keys()
    .map((key) => ({ key, at: writtenAt(key) }))
    .sort((a, b) => b.at - a.at);
  const oldest = Date.now() - KEPT_MS;
  kept.forEach(({ key, at }, index) => {
    if (at < oldest || index >= MOST) {
      localStorage.removeItem(key);
    }
  });
}

function writtenAt(key: string): number {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return (isObject(stored) ? instant(text(stored["at"])) : null) ?? 0;
  } catch {
    return 0;
  }
}

function keys(): string[] {
  return Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? "").filter((key) => key.startsWith(PREFIX));
}
