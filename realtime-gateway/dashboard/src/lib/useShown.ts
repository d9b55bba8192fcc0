import { useState } from "react";

/**
 * The list that the rows belong to: `wanted`, or the one before for as long as `isOld` says that `wanted` is still being read.
 * What goes with the rows (where they are scrolled to, which are chosen) is kept under it.
 */
export function useShown(wanted: string, isOld: boolean): string {
  const [before, setBefore] = useState(wanted);
  const shown = isOld ? before : wanted;
  if (shown !== before) {
    setBefore(shown);
  }
  return shown;
}
