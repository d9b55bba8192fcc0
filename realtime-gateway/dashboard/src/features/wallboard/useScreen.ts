import { useCallback, useEffect, useState, useSyncExternalStore } from "react";

/** Keeps the screen on while the page is seen, where the browser can; the result says whether it does. */
export function useAwake(): boolean {
  const [isAwake, setIsAwake] = useState(false);
  useEffect(() => {
    // Browsers offer it on secure pages only.
    const wakeLock = "wakeLock" in navigator ? navigator.wakeLock : undefined;
    if (wakeLock === undefined) {
      return undefined;
    }
    let isOver = false;
    let lock: WakeLockSentinel | null = null;
    const take = async () => {
      if (document.visibilityState !== "visible" || (lock !== null && !lock.released)) {
        return;
      }
      try {
        const taken = await wakeLock.request("screen");
        if (isOver) {
          await taken.release();
          return;
        }
        lock = taken;
        setIsAwake(true);
        taken.addEventListener("release", () => setIsAwake(false));
      } catch {
        setIsAwake(false); // refused, for instance to save the battery
      }
    };
    const again = () => void take();
    // The browser lets go of it whenever the page is hidden.
    document.addEventListener("visibilitychange", again);
    again();
    return () => {
      isOver = true;
      document.removeEventListener("visibilitychange", again);
      void lock?.release();
    };
  }, []);
  return isAwake;
}

/** Whether the page fills the screen, and how to change that; null where the browser cannot. */
export function useFullScreen(): { readonly isFull: boolean; readonly toggle: (() => void) | null } {
  const isFull = useSyncExternalStore(subscribe, () => document.fullscreenElement !== null && document.fullscreenElement !== undefined);
  const toggle = useCallback(() => {
    const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    change.catch(() => undefined); // the browser has refused: the page stays as it is
  }, []);
  return { isFull, toggle: document.fullscreenEnabled ? toggle : null };
}

function subscribe(listener: () => void): () => void {
  document.addEventListener("fullscreenchange", listener);
  return () => document.removeEventListener("fullscreenchange", listener);
}
