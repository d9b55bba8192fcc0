import { useSyncExternalStore } from "react";

const STEP_MS = 1_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function tick(): void {
  now = Date.now();
  listeners.forEach((listener) => listener());
}

/** One timer for every age on the page, which stands still while nobody looks. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(() => {
      if (!document.hidden) {
        tick();
      }
    }, STEP_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/**
 * The time in milliseconds since 1970, in steps: 1 s by default. A component is only rendered again when its step
 * changes.
 */
export function useClock(stepMs: number = STEP_MS): number {
  return useSyncExternalStore(subscribe, () => Math.floor((timer === undefined ? Date.now() : now) / stepMs) * stepMs);
}
