import { useCallback, useEffect, useRef, useState } from "react";
import { draftKey, keepDraft, readDraft } from "../../lib/drafts";
import { usePerson } from "../../lib/session";
import { NOTHING_WRITTEN, type Writing } from "./ReplyBox";

/** What is being written on a ticket. The words outlast the page, until they are sent or their writer signs out; files do not. */
export function useDraft(ticketId: string): [Writing, (change: (before: Writing) => Writing) => void] {
  const key = draftKey(usePerson(), ticketId);
  const [held, setHeld] = useState(() => ({ key, writing: kept(key) }));
  if (held.key !== key) {
    // The stream may name the person otherwise than their token does.
    const isNothing = held.writing.text === "" && held.writing.files.length === 0;
    setHeld({ key, writing: isNothing ? kept(key) : held.writing });
  }
  const latest = useRef(held.writing);
  useEffect(() => {
    latest.current = held.writing;
  }, [held.writing]);
  const change = useCallback(
    (next: (before: Writing) => Writing) => {
      const writing = next(latest.current);
      latest.current = writing;
      setHeld({ key, writing });
      // At once, and also for who has left the page while a reply was under way.
      const { text, internal, attempt, files } = writing;
      keepDraft(key, { text, internal, attempt: files.length > 0 ? null : attempt });
    },
    [key],
  );
  return [held.writing, change];
}

function kept(key: string): Writing {
  return { ...NOTHING_WRITTEN, ...readDraft(key) };
}
