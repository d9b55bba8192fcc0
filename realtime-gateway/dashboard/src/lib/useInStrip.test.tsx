import { expect, it } from "vitest";
import { showInStrip } from "./useInStrip";

const placed = (left: number, right: number) => {
  const element = document.createElement("div");
  element.getBoundingClientRect = () => ({ left, right }) as DOMRect;
  return element;
};

it.each([
  ["right of the window", 350, 430, 70],
  ["left of it", -60, 20, -60],
  ["in it", 100, 180, 0],
])("what is chosen in a strip is scrolled to where it stands %s, and no further", (_, left, right, moved) => {
  const strip = placed(0, 360);
  let scrolled = 100;
  Object.defineProperty(strip, "scrollLeft", { get: () => scrolled, set: (to: number) => (scrolled = to) });
  showInStrip(strip, placed(left, right));
  expect(scrolled).toBe(100 + moved);
});
