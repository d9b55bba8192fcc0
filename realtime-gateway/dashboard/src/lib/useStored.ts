import { useCallback, useState } from "react";
import { usePerson } from "./session";

/**
 * Something a person likes to find again on this device: their own, per client. `read` takes whatever is stored, which may be
 * older than this page, and null for nothing. Without storage (a private window) it lasts as long as the page.
 */
export function useStored<T>(name: string, read: (stored: unknown) => T): [T, (value: T) => void] {
  const { user, clientId } = usePerson();
  const key = `opsrelay.${name}.${clientId ?? ""}.${user}`;
  const [held, setHeld] = useState(() => ({ key, value: read(stored(key)) }));
  const value = held.key === key ? held.value : read(stored(key));
  const set = useCallback(
    (next: T) => {
      setHeld({ key, value: next });
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Full or forbidden: it is remembered until the page is left.
      }
    },
    [key],
  );
  return [value, set];
}

function stored(key: string): unknown {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
