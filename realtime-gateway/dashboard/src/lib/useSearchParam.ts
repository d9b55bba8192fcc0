import { useCallback, useSyncExternalStore } from "react";

const CHANGED = "opsrelay:search";

/** One parameter of the page's address, so that a filtered view can be linked and survives a reload. */
export function useSearchParam(name: string): [string | null, (value: string | null) => void] {
  const value = useSyncExternalStore(subscribe, () => new URLSearchParams(window.location.search).get(name));
  const set = useCallback(
    (next: string | null) => {
      const url = new URL(window.location.href);
      if (next === null) {
        url.searchParams.delete(name);
      } else {
        url.searchParams.set(name, next);
      }
      window.history.replaceState(null, "", url);
      window.dispatchEvent(new Event(CHANGED)); // replaceState tells nobody
    },
    [name],
  );
  return [value, set];
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(CHANGED, listener);
  };
}
