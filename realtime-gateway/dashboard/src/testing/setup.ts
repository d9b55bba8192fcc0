import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

// jsdom has no layout, hence no media queries: the tests see a wide screen.
beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
});

afterEach(() => {
  if (typeof document !== "undefined") {
    cleanup();
  }
  vi.unstubAllGlobals();
});
