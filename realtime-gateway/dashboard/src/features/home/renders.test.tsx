import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { renderPage } from "../../testing/frame";
import { statsAnswer } from "../../testing/stats";
import { Page as Home } from "./page";

const made = vi.hoisted(() => ({ badges: [] as string[], ofTickets: new Set(["received", "acting", "failed", "resolved"]) }));

// Each row of tickets has one: it tells which rows are made anew.
vi.mock("../../ui/Badge", async (original) => {
  const real = await original<typeof import("../../ui/Badge")>();
  return {
    ...real,
    StatusBadge: (props: { status: string }) => {
      if (made.ofTickets.has(props.status)) {
        made.badges.push(props.status);
      }
      return <real.StatusBadge {...props} />;
    },
  };
});

const STATS = "GET /api/v1/dashboard/stats";
const TICKETS = "GET /api/v1/tickets";
const tickets = (...statuses: string[]) => ({
  items: statuses.map((status, i) => ({
    ticket_id: `t-${i}`,
    subject: `Ticket ${i}`,
    status,
    channel: "email",
    created_at: "2026-11-26T10:00:00Z",
  })),
});

async function open() {
  const page = renderPage(<Home />, { answers: { [STATS]: statsAnswer(), [TICKETS]: tickets("received", "acting", "failed") } });
  await screen.findByText("Ticket 2");
  await screen.findByRole("link", { name: "Pending: 7 tickets" });
  await page.goLive();
  made.badges.length = 0;
  return page;
}

const read = (page: Awaited<ReturnType<typeof open>>, path: string) => page.asked.filter((each) => each.path.startsWith(path)).length;

beforeEach(() => {
  made.badges.length = 0;
});

describe("home, while events pour in", () => {
  it("makes only those rows of tickets anew that have changed", async () => {
    const page = await open();
    page.answer(TICKETS, tickets("received", "resolved", "failed"));
    await page.say("tickets", "ticket_resolved", "t-1");
    // The badge: the count beside the numbers is called so as well.
    expect(await screen.findByText("Resolved", { selector: "span" })).toBeDefined();
    expect(made.badges).toEqual(["resolved"]);
  });

  it("makes no row of tickets anew for numbers that change", async () => {
    const page = await open();
    const before = read(page, "/api/v1/dashboard/stats");
    page.answer(STATS, statsAnswer({}, { pending: 8 }));
    await page.say("metrics", "metrics_updated", "acme");
    expect(await screen.findByRole("link", { name: "Pending: 8 tickets" })).toBeDefined();
    expect(read(page, "/api/v1/dashboard/stats")).toBeGreaterThan(before);
    expect(made.badges).toEqual([]);
  });
});
