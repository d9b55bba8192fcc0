import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { jsonAnswer } from "../../testing/answers";
import { expectNoViolations } from "../../testing/axe";
import { renderPage } from "../../testing/frame";
import { Page as Customers } from "./page";
import { customersSearch } from "./search";

const LIST = "GET /api/v1/customers";
const MARY = { customer_id: "c-1", email: "mary.major@example.org", name: "<b>Mary</b>", blocked: true, created_at: "2026-11-20T10:00:00Z" };
const open = (options: Parameters<typeof renderPage>[1] = {}) =>
  renderPage(<Customers />, { route: "/customers", answers: { [LIST]: { items: [MARY], next_cursor: null } }, ...options });

describe("the list of customers", () => {
  it("says who is blocked, opens a customer by keys, and shows names as they are written", async () => {
    const page = open();
    const row = (await screen.findByText("<b>Mary</b>")).closest<HTMLElement>("[role=row]");
    expect(row?.textContent).toContain("Blocked");
    await expectNoViolations(page.container);
    row?.focus();
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(page.location()).toBe("/customers/c-1"));
  });

  it("is searched and filtered by block, both at once", async () => {
    const page = open();
    await screen.findByText("mary.major@example.org");
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "State" }), "true");
    await waitFor(() => expect(page.asked.at(-1)?.path).toBe("/api/v1/customers?blocked=true"));
    await userEvent.type(screen.getByRole("searchbox"), "mary");
    await waitFor(() => expect(page.asked.at(-1)?.path).toBe("/api/v1/customers?q=mary&blocked=true"));
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "State" }), "");
    await waitFor(() => expect(page.asked.at(-1)?.path).toBe("/api/v1/customers?q=mary"));
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "State" }), "false");
    await userEvent.clear(screen.getByRole("searchbox"));
    await waitFor(() => expect(page.asked.at(-1)?.path).toBe("/api/v1/customers?blocked=false"));
    expect(customersSearch({ q: "mary", blocked: true })).toEqual({ q: "mary", blocked: "true" });
    expect(customersSearch({ blocked: "perhaps" })).toEqual({});
  });

  it("says that nobody is found, and what went wrong", async () => {
    const page = open({ path: "/customers?q=nobody", answers: { [LIST]: { items: [] } } });
    await screen.findByText("Nobody is found");
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "State" }), "true");
    await screen.findByText(/among those who are blocked/);
    page.answer(LIST, () => jsonAnswer(503, { detail: "ingestion-service does not answer." }));
    await userEvent.click(screen.getByRole("button", { name: "Show all customers" }));
    expect((await screen.findByRole("alert")).textContent).toContain("ingestion-service");
  });
});
