import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { jsonAnswer } from "../../testing/answers";
import { expectNoViolations } from "../../testing/axe";
import { renderPage } from "../../testing/frame";
import { Page as Tickets } from "./page";

const ticket = (id: string, more: object = {}) => ({
  ticket_id: id,
  subject: `Subject ${id}`,
  status: "received",
  channel: "email",
  priority: "high",
  customer: { customer_id: "c-1", email: `${id}@example.org`, verified: true },
  version: 3,
  created_at: "2026-11-20T10:00:00Z",
  updated_at: "2026-11-20T10:00:00Z",
  ...more,
});
const LIST = "GET /api/v1/tickets";
const THREE = { items: [ticket("t-3", { status: "failed" }), ticket("t-2"), ticket("t-1", { status: "acting" })], next_cursor: null };

function open({ path = "/tickets", person = {}, answers = {} }: { path?: string; person?: object; answers?: object } = {}) {
  return renderPage(<Tickets />, { route: "/tickets", path, person, answers: { [LIST]: THREE, ...answers } });
}
const rows = () => screen.getAllByRole("row").slice(1);
const choose = async (name: string) => {
  const row = (await screen.findByText(name)).closest<HTMLElement>("[role=row]");
  await userEvent.click(within(row as HTMLElement).getByRole("checkbox"));
};

beforeEach(() => localStorage.clear());

describe("the list of tickets", () => {
  it("asks the API for what the address says, and shows each filter so that it can be taken away", async () => {
    const page = open({ path: "/tickets?status=failed&priority=high&q=lamp" });
    await screen.findByText("Subject t-3");
    expect(page.asked.some(({ path }) => path === "/api/v1/tickets?priority=high&q=lamp&status=failed")).toBe(true);
    await expectNoViolations(page.container);
    await userEvent.click(screen.getByRole("button", { name: "Remove the filter Status Failed" }));
    await waitFor(() => expect(page.location()).not.toContain("status"));
    expect(page.location()).toContain("priority=high");
  });

  it("searches once a person pauses, not letter by letter", async () => {
    const page = open();
    await screen.findByText("Subject t-3");
    await userEvent.type(screen.getByRole("searchbox", { name: "Search tickets" }), "lamp");
    await waitFor(() => expect(page.asked.some(({ path }) => path.includes("q=lamp"))).toBe(true));
    expect(page.asked.filter(({ path }) => path.includes("q="))).toHaveLength(1);
  });

  it("is read anew after the shortest absence, for nobody has heard its events meanwhile", async () => {
    const page = open();
    await screen.findByText("Subject t-3");
    const asked = () => page.asked.map(({ path }) => path).filter((path) => path.startsWith("/api/v1/tickets"));
    const [first] = asked();
    const press = () => userEvent.click(within(screen.getByRole("columnheader", { name: "Priority" })).getByRole("button"));
    await press();
    await waitFor(() => expect(page.location()).toContain("sort=-priority"));
    await press();
    await press();
    await waitFor(() => expect(page.location()).not.toContain("sort="));
    await waitFor(() => expect(asked().filter((path) => path === first)).toHaveLength(2));
  });

  it("is sorted by the server: urgent first, then the other way, then as usual", async () => {
    const page = open();
    await screen.findByText("Subject t-3");
    const press = () => userEvent.click(within(screen.getByRole("columnheader", { name: "Priority" })).getByRole("button"));
    await press();
    await waitFor(() => expect(page.location()).toContain("sort=-priority"));
    await press();
    await waitFor(() => expect(page.location()).toMatch(/sort=priority/));
    await press();
    await waitFor(() => expect(page.location()).not.toContain("sort"));
  });

  it("keeps the rows calm while others are read: no look, no place and no focus changes until they are there", async () => {
    const page = open();
    await screen.findByText("Subject t-3");
    const table = screen.getByRole("table");
    const box = table.parentElement as HTMLElement;
    const before = rows().map(({ outerHTML }) => outerHTML);
    box.scrollTop = 300;
    const answers: ((response: Response) => void)[] = [];
    page.answer(`${LIST}?sort=-priority`, () => new Promise<Response>((resolve) => answers.push(resolve)));
    const header = within(screen.getByRole("columnheader", { name: "Priority" })).getByRole("button");
    await userEvent.click(header);
    await waitFor(() => expect(answers).toHaveLength(1));
    expect(table.getAttribute("aria-busy")).toBe("true");
    expect(rows().map(({ outerHTML }) => outerHTML)).toEqual(before);
    expect(box.scrollTop).toBe(300);
    expect(box.closest("[class*=opacity]")).toBeNull();
    answers[0]?.(jsonAnswer(200, { items: [ticket("t-9")], next_cursor: null }));
    await screen.findByText("Subject t-9");
    expect(table.getAttribute("aria-busy")).toBe("false");
    expect(box.scrollTop).toBe(0);
    expect(document.activeElement).toBe(header);
  });

  it("a built-in view is an address, and one's own is kept and can be forgotten", async () => {
    const page = open();
    await userEvent.click(await screen.findByRole("link", { name: "Mine" }));
    await waitFor(() => expect(page.location()).toContain("assignee=somebody"));
    await userEvent.click(screen.getByRole("link", { name: "Failed" }));
    await userEvent.click(within(screen.getByRole("group", { name: "Filters and display" })).getByRole("button", { name: "Priority" }));
    await userEvent.click(await screen.findByRole("menuitemradio", { name: "Urgent" }));
    await userEvent.click(await screen.findByRole("button", { name: "Save view" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Name" }), "Failed");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(screen.getByText("There is a view of that name.")).toBeDefined();
    await userEvent.type(screen.getByRole("textbox", { name: "Name" }), " and urgent");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect((await screen.findByRole("link", { name: "Failed and urgent" })).getAttribute("aria-current")).toBe("page");
    expect(JSON.stringify(localStorage)).toContain("Failed and urgent");
    await userEvent.click(screen.getByRole("button", { name: "Forget the view Failed and urgent" }));
    expect(screen.queryByRole("link", { name: "Failed and urgent" })).toBeNull();
  });

  it("new tickets enter at once at the top, and are announced where it is scrolled down", async () => {
    const page = open();
    await screen.findByText("Subject t-3");
    await page.goLive();
    page.answer(LIST, { items: [ticket("t-4"), ...THREE.items], next_cursor: null });
    await page.say("tickets", "ticket_received", "t-4");
    await screen.findByText("Subject t-4");
    expect(screen.queryByText("1 new ticket")).toBeNull();

    const box = screen.getByRole("table").parentElement as HTMLElement;
    box.scrollTop = 300;
    fireEvent.scroll(box);
    page.answer(LIST, { items: [ticket("t-6"), ticket("t-5"), ticket("t-4", { status: "resolved" }), ...THREE.items], next_cursor: null });
    await page.say("tickets", "ticket_received", "t-6");
    const announced = await screen.findByRole("button", { name: "2 new tickets" });
    expect(rows()[0]?.textContent).toContain("Subject t-4");
    expect(rows()[0]?.textContent).toContain("Resolved"); // known rows change in place
    await userEvent.click(announced);
    expect(rows()[0]?.textContent).toContain("Subject t-6");
    expect(screen.queryByRole("button", { name: /new ticket/ })).toBeNull();
  });

  it("an event about a deep row changes it, and reads only the first page again", async () => {
    const deep = { items: [ticket("t-0")], next_cursor: null };
    const page = open({ answers: { [LIST]: { ...THREE, next_cursor: "c2" }, [`${LIST}?cursor=c2`]: deep } });
    await screen.findByText("Subject t-3");
    await userEvent.click(screen.getByRole("button", { name: "Load more" }));
    await screen.findByText("Subject t-0");
    await page.goLive();
    const before = page.asked.filter(({ path }) => path.includes("cursor")).length;
    await page.say("tickets", "ticket_status_set", "t-0", { status: "closed" });
    await screen.findByText("Closed");
    expect(page.asked.filter(({ path }) => path.includes("cursor"))).toHaveLength(before);
  });

  it("says that it failed and can be asked again, that nothing is like this, and that nothing is there", async () => {
    const page = open({ answers: { [LIST]: () => jsonAnswer(503, { detail: "ingestion-service does not answer." }) } });
    expect((await screen.findByRole("alert")).textContent).toContain("ingestion-service");
    page.answer(LIST, { items: [], next_cursor: null });
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByText("No tickets yet");
    await userEvent.click(screen.getByRole("link", { name: "Failed" }));
    await userEvent.click(await screen.findByRole("button", { name: "Clear all filters" }));
    await screen.findByText("No tickets yet");
  });

  it("offers a viewer neither boxes nor a new ticket, and shows hostile words as words", async () => {
    const subject = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    open({ person: { roles: ["viewer"] }, answers: { [LIST]: { items: [ticket("t-1", { subject })], next_cursor: null } } });
    await screen.findByText(subject);
    expect(screen.queryByRole("checkbox")).toBeNull();
    expect(screen.queryByRole("link", { name: "New ticket" })).toBeNull();
    expect(document.querySelector("main script, img[src=x]")).toBeNull();
  });

  it("remembers the columns and the density of this person", async () => {
    const { unmount } = open();
    await screen.findByText("Subject t-3");
    expect(screen.queryByRole("columnheader", { name: "Language" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Display" }));
    await userEvent.click(await screen.findByRole("menuitemcheckbox", { name: "Language" }));
    await userEvent.click(screen.getByRole("menuitemradio", { name: "Dense" }));
    unmount();
    open();
    await screen.findByText("Subject t-3");
    expect(screen.getByRole("columnheader", { name: "Language" })).toBeDefined();
    expect(rows()[0]?.style.height).toBe("30px");
  });

  it("shows who has a ticket and, where they are wanted, its tags as they are written", async () => {
    const tags = ["<b>late</b>", "vip", "fragile", "abroad"];
    open({ answers: { [LIST]: { items: [ticket("t-2", { assignee: "jo@acme.example", tags }), ticket("t-1", { tags: [] })], next_cursor: null } } });
    await screen.findByText("Subject t-2");
    expect(within(rows()[0] as HTMLElement).getByText("jo@acme.example")).toBeDefined();
    await userEvent.click(screen.getByRole("button", { name: "Display" }));
    await userEvent.click(await screen.findByRole("menuitemcheckbox", { name: "Tags" }));
    await userEvent.keyboard("{Escape}");
    expect(await screen.findByText("<b>late</b>")).toBeDefined();
    expect(rows()[0]?.textContent).toContain("+2: fragile, abroad");
    expect(rows()[1]?.textContent).not.toContain("jo@");
  });

  it("exports what the filters find", async () => {
    const saved: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => undefined }));
    const page = open({ path: "/tickets?status=failed", answers: { "GET /api/v1/tickets/export": "a,b" } });
    await screen.findByText("Subject t-3");
    await userEvent.click(screen.getByRole("button", { name: "Export" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: /CSV/ }));
    await screen.findByText("Tickets exported");
    expect(page.asked.at(-1)?.path).toBe("/api/v1/tickets/export?status=failed&format=csv");
    expect(saved[0]).toMatch(/^tickets-.*\.csv$/);
  });
});

describe("work on several tickets", () => {
  it("sets a status of those that allow it, by their versions, and tells each that was refused", async () => {
    const page = open({
      answers: {
        "POST /api/v1/tickets/t-2/status": { ticket_id: "t-2", status: "closed", version: 4 },
        "POST /api/v1/tickets/t-3/status": () => jsonAnswer(412, { detail: "somebody changed the ticket since you read it" }),
      },
    });
    for (const name of ["Subject t-1", "Subject t-2", "Subject t-3"]) {
      await choose(name);
    }
    const bar = screen.getByRole("toolbar", { name: "Chosen tickets" });
    await userEvent.click(within(bar).getByRole("button", { name: "Status" }));
    const dialog = await screen.findByRole("dialog", { name: "Set the status of 3 tickets" });
    expect(within(dialog).getByText(/1 of 3 cannot be set to resolved/)).toBeDefined();
    await userEvent.selectOptions(within(dialog).getByRole("combobox", { name: "Status" }), "closed");
    await userEvent.type(within(dialog).getByRole("textbox"), "Spam");
    await expectNoViolations(dialog);
    await userEvent.click(within(dialog).getByRole("button", { name: "Set status" }));
    await within(dialog).findByText(/1 of 2 done/);
    expect(within(dialog).getByText("somebody changed the ticket since you read it")).toBeDefined();
    const sent = page.asked.filter(({ method }) => method === "POST");
    expect(sent.map(({ path, body }) => [path, body])).toEqual(
      expect.arrayContaining([["/api/v1/tickets/t-2/status", { status: "closed", reason: "Spam" }]]),
    );
    expect(sent.some(({ path }) => path.includes("t-1"))).toBe(false);
    await userEvent.click(within(dialog).getByRole("button", { name: "Done" }));
    expect(screen.getByText("2 chosen")).toBeDefined(); // what was done is let go
  });

  it("adds tags to those that are there", async () => {
    const page = open({ answers: { "GET /api/v1/tickets/t-2": { ...ticket("t-2"), tags: ["vip"], version: 9 } } });
    await choose("Subject t-2");
    await userEvent.click(screen.getByRole("button", { name: "Tags" }));
    await userEvent.type(await screen.findByRole("textbox", { name: "Add" }), "Late delivery, vip");
    await userEvent.click(screen.getByRole("button", { name: "Change tags" }));
    await screen.findByText("All of them are done.");
    expect(page.asked.find(({ method }) => method === "PUT")).toEqual({
      method: "PUT",
      path: "/api/v1/tickets/t-2/tags",
      body: { tags: ["vip", "late delivery"] },
    });
  });

  it("assigns, and merges into the one that was picked", async () => {
    const page = open();
    await choose("Subject t-2");
    await userEvent.click(screen.getByRole("button", { name: "Assign" }));
    await userEvent.click(await screen.findByRole("button", { name: "To me" }));
    await userEvent.click(screen.getAllByRole("button", { name: "Assign" }).at(-1) as HTMLElement);
    await screen.findByText("All of them are done.");
    expect(page.asked.find(({ method }) => method === "PUT")?.body).toEqual({ assignee: "somebody@acme.example" });
    await userEvent.click(screen.getByRole("button", { name: "Done" }));

    await choose("Subject t-2");
    expect(screen.getByRole("button", { name: "Merge" })).toHaveProperty("disabled", true);
    await choose("Subject t-3");
    await userEvent.click(screen.getByRole("button", { name: "Merge" }));
    const dialog = await screen.findByRole("dialog", { name: "Merge 2 tickets" });
    await userEvent.selectOptions(within(dialog).getByRole("combobox", { name: "Into" }), "t-3");
    await userEvent.click(within(dialog).getByRole("button", { name: "Merge" }));
    await screen.findByText("All of them are done.");
    expect(page.asked.filter(({ method }) => method === "POST")).toEqual([
      { method: "POST", path: "/api/v1/tickets/t-2/merge", body: { into: "t-3" } },
    ]);
  });

  it("is done by keys alone: into the list, choose, open", async () => {
    const page = open();
    await screen.findByText("Subject t-3");
    act(() => rows()[0]?.focus());
    await userEvent.keyboard("xjx");
    expect(screen.getByText("2 chosen")).toBeDefined();
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(page.location()).toBe("/tickets/t-2"));
  });
});
