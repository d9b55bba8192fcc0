import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { jsonAnswer } from "../../testing/answers";
import { expectNoViolations } from "../../testing/axe";
import { renderPage } from "../../testing/frame";
import { statsAnswer } from "../../testing/stats";
import { Page as Home } from "./page";

const STATS = "GET /api/v1/dashboard/stats";
const TICKETS = "GET /api/v1/tickets";
const ticket = (id: string, subject: string, status = "received") => ({
  ticket_id: id,
  subject,
  status,
  channel: "email",
  created_at: "2026-11-26T10:00:00Z",
});
const LUNA = {
  name: "luna",
  display_name: "Luna",
  role: "Customer Success",
  primary_metric: { name: "satisfaction", unit: "percent", value: null },
  enabled: true,
  status: "active",
  latest_activity: null,
  today: { runs: 12, resolved: 10, escalated: 2, failed: 0 },
};
const ANSWERS = {
  [STATS]: statsAnswer(),
  [TICKETS]: { items: [ticket("t-1", "Broken lamp")] },
  "GET /api/v1/ai/employees": { items: [{ ...LUNA, name: "jade", display_name: "Jade", status: "idle" }, LUNA] },
  "GET /api/v1/health": { status: "degraded", feed: "up", services: [{ name: "agent-service", status: "down", since: "2026-11-26T10:00:00Z" }] },
};
const open = (answers: Record<string, unknown> = {}, roles = ["admin"]) =>
  renderPage(<Home />, { answers: { ...ANSWERS, ...answers }, person: { roles } });
const rows = () => within(screen.getByRole("list", { name: /^Recent tickets/ })).getAllByRole("listitem");

describe("home", () => {
  it("shows where tickets stand, by the older names too, and leads to them", async () => {
    const page = open();
    const link = await screen.findByRole("link", { name: "Processing: 12 tickets" });
    expect(link.getAttribute("href")).toBe("/tickets?status=processing");
    expect(screen.getByRole("link", { name: "Awaiting approval 5" }).getAttribute("href")).toBe("/tickets?status=awaiting_approval");
    expect(await screen.findByText("Broken lamp")).toBeDefined();
    await expectNoViolations(page.container);
  });

  it("shows no number before one was read", async () => {
    open({ [STATS]: () => new Promise<Response>(() => undefined) });
    const stands = await screen.findByRole("region", { name: "Tickets by status" });
    expect(within(stands).getByRole("link", { name: "Analyzing –" })).toBeDefined();
    expect(stands.textContent).not.toMatch(/\d/);
  });

  it("shows the last 24 hours, and says where nothing was measured", async () => {
    open();
    const day = await screen.findByRole("region", { name: /^The last 24 hours/ });
    expect(await within(day).findByText("71.3 %")).toBeDefined();
    expect(within(day).getByText("95 % within 18 s")).toBeDefined();
    expect(within(day).getByText("Nothing decided yet")).toBeDefined();
  });

  it("puts the AI employees that are at work first, and makes up no figures", async () => {
    open();
    const list = await screen.findByRole("list", { name: "AI employees" });
    const [first] = within(list).getAllByRole("listitem");
    expect(first?.textContent).toContain("Luna");
    expect(first?.textContent).toContain("Satisfaction not measured yet");
  });

  it("names the service that is down", async () => {
    open();
    const list = await screen.findByRole("list", { name: "OpsRelay's services" });
    expect(within(list).getByText("agent-service").closest("li")?.textContent).toContain("Down");
  });

  it("shows what it can while the numbers cannot be read, and tries again", async () => {
    const page = open({ [STATS]: () => jsonAnswer(503, { detail: "ingestion-service does not answer." }) });
    expect(await screen.findByText("ingestion-service does not answer.")).toBeDefined();
    expect(await screen.findByText("Broken lamp")).toBeDefined();
    page.answer(STATS, statsAnswer());
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("link", { name: "Pending: 7 tickets" })).toBeDefined();
  });

  it("counts on when the stream says so", async () => {
    const page = open();
    await screen.findByRole("link", { name: "Pending: 7 tickets" });
    await page.goLive();
    page.answer(STATS, statsAnswer({}, { pending: 8 }));
    await page.say("metrics", "metrics_updated", "acme");
    expect(await screen.findByRole("link", { name: "Pending: 8 tickets" })).toBeDefined();
  });

  it("counts on by what the stream tells, before the rest is read", async () => {
    const page = open();
    await screen.findByRole("link", { name: "Pending: 7 tickets" });
    await page.goLive();
    await page.say("metrics", "metrics_updated", "tickets", { version: 1, timestamp: "2026-11-26T13:00:01Z", counts: { pending: 9 } });
    expect(await screen.findByRole("link", { name: "Pending: 9 tickets" })).toBeDefined();
  });

  it("shows what it read where the stream told of it earlier", async () => {
    const page = open();
    await screen.findByRole("link", { name: "Pending: 7 tickets" });
    await page.goLive();
    page.answer(STATS, statsAnswer({}, { pending: 8 }));
    await page.say("metrics", "metrics_updated", "tickets", { version: 1, timestamp: "2026-11-26T12:59:59Z", counts: { pending: 3 } });
    expect(await screen.findByRole("link", { name: "Pending: 8 tickets" })).toBeDefined();
  });

  it("moves no ticket under the pointer: new ones wait until it has left", async () => {
    const page = open();
    await screen.findByText("Broken lamp");
    await page.goLive();
    const list = screen.getByRole("list", { name: /^Recent tickets/ });
    fireEvent.pointerEnter(list, { pointerType: "mouse" });
    page.answer(TICKETS, { items: [ticket("t-2", "New one"), ticket("t-1", "Broken lamp", "resolved")] });
    await page.say("tickets", "ticket_received", "t-2");
    expect(await screen.findByText("1 new")).toBeDefined();
    expect(rows().map(({ textContent }) => textContent)).toEqual([expect.stringMatching(/Broken lamp.*Resolved/)]);
    fireEvent.pointerLeave(list);
    expect(rows()).toHaveLength(2);
    expect(rows()[0]?.textContent).toContain("New one");
  });

  it("shows hostile subjects as text and offers a viewer no new ticket", async () => {
    const page = open({ [TICKETS]: { items: [ticket("t-1", "<img src=x onerror=alert(1)>")] } }, ["viewer"]);
    expect(await screen.findByText("<img src=x onerror=alert(1)>")).toBeDefined();
    expect(page.container.querySelector("img")).toBeNull();
    expect(screen.queryByRole("link", { name: "New ticket" })).toBeNull();
  });

  it("says that there is nothing yet", async () => {
    open({ [TICKETS]: { items: [] }, "GET /api/v1/ai/employees": { items: [] } });
    expect(await screen.findByText("No tickets yet")).toBeDefined();
    expect(await screen.findByText("No AI employees")).toBeDefined();
  });
});
