import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { keepComputedStyles } from "./computedStyle";

// A machine that builds may be busy: what is awaited is awaited for long, and ends as soon as it is there.
configure({ asyncUtilTimeout: 15_000 });

// jsdom has no canvas: charts are seen as their names and tables.
vi.mock("../ui/chart/Plot", () => ({ default: () => null }));

keepComputedStyles(document);

// jsdom has no layout, hence no media queries and no sizes: the tests see a wide, light screen.
beforeEach(() => {
  vi.stubGlobal("matchMedia", (query: string) => ({ matches: !query.includes("dark") && !query.includes("reduce") }));
  vi.stubGlobal("ResizeObserver", NoObserver);
  vi.stubGlobal("IntersectionObserver", NoObserver);
  for (const name of ["offsetHeight", "clientHeight"]) {
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => 600 });
  }
  for (const name of ["offsetWidth", "clientWidth"]) {
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => 1_000 });
  }
  HTMLElement.prototype.scrollTo = () => undefined;
  HTMLElement.prototype.scrollIntoView = () => undefined;
  HTMLElement.prototype.hasPointerCapture = () => false;
  window.scrollTo = () => undefined;
});

class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

afterEach(() => {
  cleanup();
  localStorage.clear(); // what a person keeps on this device
});
