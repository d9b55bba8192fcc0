import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Stat } from "./Stat";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a watched number", () => {
  it("flashes when it changes, for a moment, and not where it changes without end", () => {
    const { rerender } = render(<Stat label="Received" value="1" />);
    const flashes = () => screen.getByText(/^\d+$/).classList.contains("animate-arrive");
    const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));
    const change = (value: string) => rerender(<Stat label="Received" value={value} />);
    expect(flashes()).toBe(false);
    change("2");
    expect(flashes()).toBe(true);
    pass(2_000);
    expect(flashes()).toBe(false);
    for (const value of ["3", "4", "5"]) {
      change(value);
      expect(flashes()).toBe(false);
      pass(1_000);
    }
    pass(5_000);
    change("6");
    expect(flashes()).toBe(true);
    pass(1_000);
    change("7");
    expect(flashes()).toBe(false);
  });
});
