import { useLayoutEffect, useRef, type RefObject } from "react";

/** Brings a part of a strip that scrolls sideways into its view. The page does not move. */
export function showInStrip(strip: Element, part: Element): void {
  const box = strip.getBoundingClientRect();
  const { left, right } = part.getBoundingClientRect();
  if (left < box.left) {
    strip.scrollLeft -= box.left - left;
  } else if (right > box.right) {
    strip.scrollLeft += right - box.right;
  }
}

/** For the strip: what is chosen in it, found by `selector`, is seen when the page opens and whenever `chosen` changes. */
export function useInStrip<T extends HTMLElement>(selector: string, chosen: unknown): RefObject<T | null> {
  const strip = useRef<T>(null);
  useLayoutEffect(() => {
    const part = strip.current?.querySelector(selector);
    if (strip.current !== null && part !== null && part !== undefined) {
      showInStrip(strip.current, part);
    }
  }, [selector, chosen]);
  return strip;
}
