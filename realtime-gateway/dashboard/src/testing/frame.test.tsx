import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { Page as Tickets } from "../features/tickets/page";
import { expectNoViolations } from "./axe";
import { renderPage } from "./frame";

const TICKETS = [{ ticket_id: "t-1", subject: "Broken lamp", status: "received", created_at: "2026-11-20T10:00:00Z" }];

it("a page is read from the API, and again when the stream says that something has changed", async () => {
  const page = renderPage(<Tickets />, { route: "/tickets", answers: { "GET /api/v1/tickets": { items: TICKETS } } });
  expect(await screen.findByText("Broken lamp")).toBeDefined();
  await page.goLive();
  await expectNoViolations(page.container);
  page.answer("GET /api/v1/tickets", { items: [{ ...TICKETS[0], status: "resolved" }] });
  await vi.waitFor(() => expect(page.asked.length).toBeGreaterThan(0));
  await page.say("tickets", "status_set", "t-1");
  expect(await screen.findByText("Resolved", {}, { timeout: 3_000 })).toBeDefined();
});
