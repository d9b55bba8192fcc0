import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
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

function show(props: Partial<DataTableProps<Thing>> = {}) {
  return render(<DataTable label="Things" columns={COLUMNS} rows={THINGS} rowId={({ id }) => id} {...props} />);
}
const rows = () => screen.getAllByRole("row").slice(1);

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

  it("keeps its rows when a later reading fails", () => {
    show({ error: new Error("down") });
    expect(rows().length).toBeGreaterThan(10);
    expect(screen.getByText(/What was read last is shown/)).toBeDefined();
  });
});
