import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { PACES_MS, setPace } from "../../lib/pace";
import { read, useView } from "../../lib/useView";
import { renderPage } from "../../testing/frame";
import { Appearance } from "./Appearance";

function Watched() {
  useView(["watched"], read("/api/v1/watched", ({ body }) => body));
  return <Appearance />;
}

afterEach(() => {
  setPace({ isAutomatic: true, everyMs: 30_000 });
  vi.useRealTimers();
});

it("views are read again as often as one chooses, or not at all by themselves", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval", "Date"], shouldAdvanceTime: true });
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTimeAsync(ms) });
  const page = renderPage(<Watched />);
  const readings = () => page.asked.filter(({ path }) => path === "/api/v1/watched").length;
  await screen.findByRole("combobox", { name: "How often" });
  await vi.waitFor(() => expect(readings()).toBe(1));
  await act(() => vi.advanceTimersByTimeAsync(31_000));
  expect(readings()).toBe(2);
  await user.selectOptions(screen.getByRole("combobox", { name: "How often" }), String(PACES_MS[0]));
  await act(() => vi.advanceTimersByTimeAsync(31_000));
  expect(readings()).toBeGreaterThanOrEqual(5);
  await user.click(screen.getByRole("switch", { name: "Read views again by themselves" }));
  const before = readings();
  await act(() => vi.advanceTimersByTimeAsync(300_000));
  expect(readings()).toBe(before);
  expect(screen.getByRole<HTMLSelectElement>("combobox", { name: "How often" }).disabled).toBe(true);
  await act(() => page.refresh());
  expect(readings()).toBe(before + 1);
});
