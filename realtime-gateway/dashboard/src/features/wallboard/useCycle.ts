import { useCallback, useEffect, useState } from "react";

/** Calls `next` every so many milliseconds, counted anew whenever the board changes, until it is paused. */
export function useCycle(board: string, everyMs: number, next: () => void) {
  const [isPaused, setIsPaused] = useState(false);
  useEffect(() => {
    if (isPaused) {
      return undefined;
    }
    const timer = setTimeout(next, everyMs);
    return () => clearTimeout(timer);
  }, [board, everyMs, next, isPaused]);
  const toggle = useCallback(() => setIsPaused((before) => !before), []);
  return { isPaused, toggle };
}
