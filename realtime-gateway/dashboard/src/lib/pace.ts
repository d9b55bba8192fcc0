import { useSyncExternalStore } from "react";
import { config } from "./config";
import { isObject } from "./json";

/** How often views are read again by themselves on this device where nothing tells them of changes. */
export interface Pace {
  /** False: only when somebody presses "Refresh", or the stream says that something has changed. */
  readonly isAutomatic: boolean;
  /** Between two readings of a view that has no pace of its own, in milliseconds. */
  readonly everyMs: number;
}

export const PACES_MS: readonly number[] = [10_000, 30_000, 60_000, 300_000];
const KEY = "opsrelay.refresh";

const listeners = new Set<() => void>();
let current: Pace | undefined;

function stored(): Pace {
  const { refreshMs, autoRefresh } = config();
  const usual: Pace = { isAutomatic: autoRefresh, everyMs: refreshMs };
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (!isObject(found)) {
      return usual;
    }
    const everyMs = PACES_MS.find((each) => each === found["every_ms"]) ?? usual.everyMs;
    return { isAutomatic: found["automatic"] !== false, everyMs };
  } catch {
    return usual; // forbidden, or not ours
  }
}

export function setPace(pace: Pace): void {
  current = pace;
  try {
    localStorage.setItem(KEY, JSON.stringify({ automatic: pace.isAutomatic, every_ms: pace.everyMs }));
  } catch {
    // it then holds until the page is left
  }
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePace(): Pace {
  return useSyncExternalStore(subscribe, () => (current ??= stored()));
}
