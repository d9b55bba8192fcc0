import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { jsonAnswer } from "../../testing/answers";
import { expectNoViolations } from "../../testing/axe";
import { renderPage } from "../../testing/frame";
import { statsAnswer } from "../../testing/stats";
import { statsOf } from "../../parts/numbers/stats";
import { courseCsv, sumsCsv } from "./export";
import { Page as Metrics } from "./page";

const STATS = "GET /api/v1/dashboard/stats";
const open = (answer: unknown = statsAnswer(), path = "/metrics") =>
  renderPage(<Metrics />, { route: "/metrics", path, answers: { [STATS]: answer } });
const asked = (page: ReturnType<typeof open>) => page.asked.filter(({ path }) => path.includes("/stats")).map(({ path }) => new URL(path, "http://x").searchParams);

/** Waits for how many were received. */
const shown = (received: string) =>
  waitFor(() => expect(screen.getByRole("region", { name: "Sums" }).textContent).toContain(`Received${received}`));

describe("metrics", () => {
  it("show sums, times and breakdowns, and say why something is not measured", async () => {
    const page = open();
    const sums = await screen.findByRole("region", { name: "Sums" });
    expect(await within(sums).findByText("1,234")).toBeDefined();
    expect(within(sums).getByText("97.5 %")).toBeDefined();
    expect(within(sums).getByText(/^Not measured yet: nobody decided/)).toBeDefined();
    expect(within(sums).getByText(/^Not measured yet: nobody has reviewed/)).toBeDefined();
    const times = screen.getByRole("table");
    expect(within(times).getByRole("row", { name: /^First response.*18 s/ })).toBeDefined();
    expect(within(times).getByRole("row", { name: /^Processing.*Not measured yet/ })).toBeDefined();
    const categories = screen.getByRole("list", { name: "Category" });
    expect(within(categories).getByRole("link", { name: "Double charge" }).getAttribute("href")).toBe("/tickets?category=double_charge");
    expect(within(categories).getByText("Not known").closest("a")).toBeNull();
    await expectNoViolations(page.container);
  });

  it("tell the accuracy by what was reviewed once somebody has corrected a category", async () => {
    open(statsAnswer({ accuracy: 0.95, reviewed: 40, corrections: 2 }));
    expect(await screen.findByText("95 %")).toBeDefined();
    expect(screen.getByText("2 of 40 reviewed were corrected")).toBeDefined();
  });

  it("keep the range in the address", async () => {
    const page = open();
    await shown("1,234");
    await userEvent.click(screen.getByRole("button", { name: "7 d" }));
    await waitFor(() => expect(page.location()).toBe("/metrics?range=7d"));
    await waitFor(() => expect(asked(page).at(-1)?.get("from")).not.toBeNull());
    expect(screen.getByRole("button", { name: "7 d" }).getAttribute("aria-pressed")).toBe("true");
  });

  it("take a range of one's own by keyboard, and refuse one that ends before it begins", async () => {
    const page = open();
    await shown("1,234");
    await userEvent.click(screen.getByRole("button", { name: "Custom" }));
    const from = screen.getByLabelText("From");
    const to = screen.getByLabelText("To");
    await userEvent.clear(from);
    await userEvent.type(from, "2026-11-20T10:00");
    await userEvent.clear(to);
    await userEvent.type(to, "2026-11-19T10:00{Enter}");
    expect(await screen.findByText("The end must come after the begin.")).toBeDefined();
    expect(page.location()).toBe("/metrics");
    await userEvent.clear(to);
    await userEvent.type(to, "2026-11-21T10:00{Enter}");
    await waitFor(() => expect(page.location()).toContain("range=custom"));
    await waitFor(() => expect(asked(page).at(-1)?.get("from")).toBe(new Date("2026-11-20T10:00").toISOString()));
    await expectNoViolations(page.container);
  });

  it("show a hostile category as text", async () => {
    const page = open(statsAnswer({ by_category: { "<img src=x onerror=alert(1)>": 3 } }));
    expect(await screen.findByText("<img src=x onerror=alert(1)>")).toBeDefined();
    expect(page.container.querySelector("img")).toBeNull();
  });

  it("say what failed and read again when told to", async () => {
    const page = open(() => jsonAnswer(503, { detail: "ingestion-service does not answer." }));
    expect((await screen.findByRole("alert")).textContent).toContain("ingestion-service does not answer.");
    page.answer(STATS, statsAnswer());
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    await shown("1,234");
  });

  it("are read again when the stream says that they have changed", async () => {
    const page = open();
    await shown("1,234");
    await page.goLive();
    page.answer(STATS, statsAnswer({ received: 1_235 }));
    await page.say("metrics", "metrics_updated", "acme");
    await shown("1,235");
  });

  it("are exported as they are shown", async () => {
    const saved: Blob[] = [];
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: (blob: Blob) => (saved.push(blob), "blob:x"), revokeObjectURL: () => undefined }));
    const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
    open();
    await shown("1,234");
    await userEvent.click(screen.getByRole("button", { name: "Export" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Over time (CSV)" }));
    expect(click).toHaveBeenCalledOnce();
    expect(await saved[0]?.text()).toBe(courseCsv(statsOf(statsAnswer())));
  });
});

describe("the export", () => {
  it("leaves empty what was not measured", () => {
    const lines = courseCsv(statsOf(statsAnswer())).split("\r\n");
    expect(lines).toHaveLength(5);
    expect(lines[2]).toBe("2026-11-26T11:00:00.000Z,401,300,5,1,0,,,,,,,");
  });

  it("names each sum", () => {
    const sums = sumsCsv(statsOf(statsAnswer()));
    expect(sums).toContain("tickets,received,1234\r\n");
    expect(sums).toContain("classification,accuracy,\r\n");
    expect(sums).toContain("First response (s),p95,18.4\r\n");
    expect(sums).toContain("Channel,api,1000\r\n");
  });
});
