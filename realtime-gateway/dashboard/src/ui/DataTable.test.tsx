import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { expectNoViolations } from "../testing/axe";
import { DataTable, type Column, type DataTableProps } from "./DataTable";

interface Thing {
  readonly id: string;
  readonly size: number;
}

const THINGS: readonly Thing[] = Array.from({ length: 1_000 }, (_, i) => ({ id: `t-${i}`, size: (i * 7) % 1_000 }));
const COLUMNS: readonly Column<Thing>[] = [
  { id: "id", header: "Id", cell: ({ id }) => id },
  { id: "size", header: "Size", cell: ({ size }) => size, sortBy: ({ size }) => size, align: "end" },
];

const table = (props: Partial<DataTableProps<Thing>> = {}) => (
  <DataTable label="Things" columns={COLUMNS} rows={THINGS} rowId={({ id }) => id} {...props} />
);
const show = (props: Partial<DataTableProps<Thing>> = {}) => render(table(props));
const rows = () => screen.getAllByRole("row").slice(1);

afterEach(() => vi.useRealTimers());

describe("a table", () => {
  it("has only the rows in view in the page, and says how many there are", async () => {
    const { container } = show();
    expect(rows().length).toBeGreaterThan(10);
    expect(rows().length).toBeLessThan(60);
    expect(screen.getByRole("table", { name: "Things" }).getAttribute("aria-rowcount")).toBe("1001");
    await expectNoViolations(container);
  });

  it("sorts by a column, the other way round, and not at all", async () => {
    show();
    const header = screen.getByRole("columnheader", { name: "Size" });
    await userEvent.click(within(header).getByRole("button"));
    expect(header.getAttribute("aria-sort")).toBe("ascending");
    expect(rows()[1]?.textContent).toBe("t-1431");
    await userEvent.click(within(header).getByRole("button"));
    expect(header.getAttribute("aria-sort")).toBe("descending");
    expect(rows()[0]?.textContent).toContain("999");
    await userEvent.click(within(header).getByRole("button"));
    expect(rows()[0]?.textContent).toBe("t-00");
  });

  it("is walked by keys, and Enter opens a row", async () => {
    const onOpen = vi.fn();
    show({ onOpen });
    rows()[0]?.focus();
    await userEvent.keyboard("{ArrowDown}j{Enter}");
    expect(document.activeElement).toBe(rows()[2]);
    expect(onOpen).toHaveBeenCalledExactlyOnceWith(THINGS[2]);
  });

  it("chooses rows by their boxes and by x, and all at once", async () => {
    const onSelect = vi.fn();
    show({ selected: new Set(["t-1"]), onSelect });
    rows()[0]?.focus();
    await userEvent.keyboard("x");
    expect(onSelect).toHaveBeenLastCalledWith(new Set(["t-1", "t-0"]));
    await userEvent.click(screen.getByRole("checkbox", { name: "Choose all rows" }));
    expect(onSelect.mock.lastCall?.[0]).toHaveProperty("size", 1_000);
  });

  it("shows that it is being read, that there is nothing, and that it failed", async () => {
    const { rerender } = show({ rows: undefined });
    expect(screen.getByRole("status", { name: "Loading" })).toBeDefined();
    rerender(<DataTable label="Things" columns={COLUMNS} rows={[]} rowId={({ id }) => id} empty={<p>No things</p>} />);
    expect(screen.getByText("No things")).toBeDefined();
    const onRetry = vi.fn();
    const failed = new Error("thing-service does not answer.");
    rerender(<DataTable label="Things" columns={COLUMNS} rows={undefined} rowId={({ id }) => id} error={failed} onRetry={onRetry} />);
    expect(screen.getByRole("alert").textContent).toContain("thing-service");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(onRetry).toHaveBeenCalledOnce();
  });

  it("leaves its rows as they are while others are read, and tells it by a line only where that takes long", () => {
    vi.useFakeTimers();
    const { container, rerender } = show();
    const line = () => container.querySelector("[data-progress-line]");
    const before = rows().map(({ outerHTML }) => outerHTML);
    rerender(table({ isOld: true }));
    act(() => vi.advanceTimersByTime(299));
    expect(line()).toBeNull();
    expect(screen.getByRole("table").getAttribute("aria-busy")).toBe("true");
    act(() => vi.advanceTimersByTime(1));
    expect(line()?.className).toContain("absolute"); // it moves nothing
    expect(rows().map(({ outerHTML }) => outerHTML)).toEqual(before);
    rerender(table());
    expect(line()).toBeNull();
    rerender(table({ isOld: true }));
    expect(line()).toBeNull(); // the next wait is a wait of its own
  });

  it("begins another list at its top, and the same one where it is", () => {
    const { rerender } = show({ list: "open" });
    const box = screen.getByRole("table").parentElement as HTMLElement;
    box.scrollTop = 300;
    rerender(table({ list: "open", rows: THINGS.slice(0, 500) }));
    expect(box.scrollTop).toBe(300);
    rerender(table({ list: "closed" }));
    expect(box.scrollTop).toBe(0);
  });

  it("keeps its rows when a later reading fails", () => {
    show({ error: new Error("down") });
    expect(rows().length).toBeGreaterThan(10);
    expect(screen.getByText(/What was read last is shown/)).toBeDefined();
  });
});
