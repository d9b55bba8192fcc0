import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { jsonAnswer } from "../../testing/answers";
import { expectNoViolations } from "../../testing/axe";
import { renderPage } from "../../testing/frame";
import { Page as Customer } from "./page";

const PATH = "/api/v1/customers/c-1";
const GET = `GET ${PATH}`;
const MARY = {
  customer_id: "c-1",
  email: "mary.major@example.org",
  name: "Mary Major",
  blocked: false,
  created_at: "2026-11-01T10:00:00Z",
  identities: [
    { type: "email", value: "mary.major@example.org", primary: true, created_at: "2026-11-01T10:00:00Z" },
    { type: "external", source: "zendesk", value: "4711", primary: false, created_at: "2026-11-02T10:00:00Z" },
  ],
  notes_count: 1,
  tickets_count: 12,
  tickets: { resolved: 11, escalated: 1 },
  recent_tickets: [
    { ticket_id: "t-1", subject: "<script>alert(1)</script>", status: "received", channel: "email", created_at: "2026-11-20T10:00:00Z" },
  ],
};
const NOTES = { items: [{ note_id: "n-1", text: "Prefers e-mail", author: "user:bob@acme.example", created_at: "2026-11-20T10:00:00Z" }] };

function open({ customer = {}, answers = {}, person = {} }: { customer?: object; answers?: object; person?: object } = {}) {
  return renderPage(<Customer />, {
    route: "/customers/$id",
    path: "/customers/c-1",
    person,
    answers: {
      [GET]: () => jsonAnswer(200, { ...MARY, ...customer }, { ETag: '"5"' }),
      [`${GET}/notes`]: NOTES,
      ...answers,
    },
  });
}
const press = (name: string | RegExp) => userEvent.click(screen.getByRole("button", { name }));

describe("a customer's page", () => {
  it("shows whom it is about, the tickets and the notes, as text", async () => {
    const page = open();
    await screen.findByRole("heading", { name: "Mary Major" });
    await screen.findByText("Prefers e-mail");
    expect(screen.getByText("4711")).toBeDefined();
    expect(screen.getByText("<script>alert(1)</script>")).toBeDefined();
    expect(screen.getByRole("link", { name: "All 12 tickets" }).getAttribute("href")).toBe("/tickets?customer_id=c-1");
    await expectNoViolations(page.container);
  });

  it("is read again when one of its tickets moves, not for those of others", async () => {
    const page = open();
    await screen.findByText("Received");
    await page.goLive();
    const read = () => page.asked.filter(({ path }) => path === PATH).length;
    await waitFor(() => expect(read()).toBeGreaterThan(0));
    const before = read();
    await page.say("tickets", "ticket_status_set", "another", { status: "closed" });
    expect(read()).toBe(before);
    page.answer(GET, { ...MARY, recent_tickets: [{ ...MARY.recent_tickets[0], status: "failed" }] });
    await page.say("tickets", "ticket_status_set", "t-1", { status: "failed" });
    await screen.findByText("Failed");
  });

  it("blocks with a reason, by the version that was read, and shows a refusal", async () => {
    const page = open({ answers: { [`POST ${PATH}/block`]: () => jsonAnswer(412, { detail: "somebody changed the customer since" }) } });
    await screen.findByRole("heading", { name: "Mary Major" });
    await press("Block");
    const dialog = await screen.findByRole("dialog");
    const confirm = within(dialog).getByRole("button", { name: "Block" });
    expect(confirm).toHaveProperty("disabled", true);
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Reason" }), "Spam");
    await expectNoViolations(dialog);
    await userEvent.click(confirm);
    expect((await within(dialog).findByRole("alert")).textContent).toContain("somebody changed");
    page.answer(`POST ${PATH}/block`, { ...MARY, blocked: true });
    page.answer(GET, { ...MARY, blocked: true, block: { at: "2026-11-20T10:00:00Z", by: "user:bob@acme.example", reason: "Spam" } });
    await userEvent.click(confirm);
    await screen.findByText(/by bob@acme.example: Spam/);
    expect(screen.getByRole("button", { name: "Unblock" })).toBeDefined();
    expect(page.asked.find(({ path }) => path.endsWith("/block"))?.body).toEqual({ reason: "Spam" });
  });

  it("erases only once the address is typed and a reason given", async () => {
    const page = open({ answers: { [`POST ${PATH}/erase`]: { customer_id: "c-1", tickets: 12 } } });
    await screen.findByRole("heading", { name: "Mary Major" });
    await press("Erase…");
    const dialog = await screen.findByRole("dialog");
    const erase = within(dialog).getByRole("button", { name: "Erase for good" });
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Reason" }), "Asked for it");
    await userEvent.type(within(dialog).getByRole("textbox", { name: /^Type mary/ }), "mary.major@example.com");
    expect(erase).toHaveProperty("disabled", true);
    await userEvent.clear(within(dialog).getByRole("textbox", { name: /^Type mary/ }));
    await userEvent.type(within(dialog).getByRole("textbox", { name: /^Type mary/ }), "mary.major@example.org");
    page.answer(GET, { ...MARY, name: null, email: "erased-1@customer.invalid", erased_at: "2026-11-20T10:00:00Z", identities: [] });
    await userEvent.click(erase);
    await screen.findByText(/All personal data was erased/);
    expect(page.asked.find(({ path }) => path.endsWith("/erase"))?.body).toEqual({ confirm: "mary.major@example.org", reason: "Asked for it" });
    expect(screen.queryByRole("button", { name: /Erase|Block|Export|Add identity/ })).toBeNull();
  });

  it("prepares an export, then hands out the file", async () => {
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => undefined }));
    const saved = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
    const page = open({
      answers: {
        [`POST ${PATH}/export`]: () => jsonAnswer(202, { export_id: "e-1", customer_id: "c-1", status: "pending" }),
        [`${GET}/exports/e-1`]: { export_id: "e-1", customer_id: "c-1", status: "pending" },
      },
    });
    await screen.findByRole("heading", { name: "Mary Major" });
    await press("Export");
    await screen.findByRole("progressbar", { name: "Preparing the export" });
    page.answer(`${GET}/exports/e-1`, { export_id: "e-1", customer_id: "c-1", status: "ready", size: 34_567 });
    await userEvent.click(await screen.findByRole("button", { name: "Download ZIP" }));
    await waitFor(() => expect(saved).toHaveBeenCalled());
    expect(page.asked.at(-1)?.path).toBe(`${PATH}/exports/e-1/content`);
    expect((saved.mock.contexts[0] as HTMLAnchorElement).download).toBe("customer-c-1.zip");
    expect(screen.queryByRole("button", { name: "Export" })).toBeNull();
  });

  it("tells how far an export is, and what is missing in it", async () => {
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => undefined }));
    const saved = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
    const pending = { export_id: "e-1", customer_id: "c-1", status: "pending", answers: 5, answers_expected: 36, incomplete: [] };
    const page = open({ answers: { [`POST ${PATH}/export`]: () => jsonAnswer(202, pending), [`${GET}/exports/e-1`]: pending } });
    await screen.findByRole("heading", { name: "Mary Major" });
    await press("Export");
    await screen.findByText(/5 of 36 answers of other services are there/);
    const bar = screen.getByRole("progressbar", { name: "Preparing the export" });
    expect([bar.getAttribute("aria-valuenow"), bar.getAttribute("aria-valuemax")]).toEqual(["5", "36"]);
    page.answer(`${GET}/exports/e-1`, { export_id: "e-1", customer_id: "c-1", status: "ready", size: 34_567, incomplete: ["action-engine"] });
    expect((await screen.findByRole("alert")).textContent).toContain("action-engine did not answer in time");
    await expectNoViolations(page.container);
    await press("Download ZIP");
    await waitFor(() => expect(saved).toHaveBeenCalled());
    expect((saved.mock.contexts.at(-1) as HTMLAnchorElement).download).toBe("customer-c-1-incomplete.zip");
    expect(screen.getByRole("button", { name: "Export" })).toBeDefined();
  });

  it("adds a note and an identity", async () => {
    const page = open();
    await screen.findByText("Prefers e-mail");
    await userEvent.type(screen.getByRole("textbox", { name: "Note" }), "Call first");
    await press("Add note");
    await waitFor(() => expect(page.asked.find(({ method }) => method === "POST")?.body).toEqual({ text: "Call first" }));
    await press("Add identity");
    await userEvent.selectOptions(await screen.findByRole("combobox", { name: "Kind" }), "external");
    await userEvent.type(screen.getByRole("textbox", { name: "System" }), "shop");
    await userEvent.type(screen.getByRole("textbox", { name: "Id" }), "9");
    await press("Add");
    await screen.findByText("Identity added");
    expect(page.asked.findLast(({ method }) => method === "POST")?.body).toEqual({ type: "external", source: "shop", value: "9" });
  });

  describe("is merged with another one", () => {
    const JO = {
      ...MARY,
      customer_id: "c-2",
      email: "mary@work.example",
      name: "<i>M. Major</i>",
      blocked: true,
      identities: [
        { type: "email", value: "mary@work.example", primary: true },
        { type: "external", source: "shop", value: "9", primary: false },
      ],
      notes_count: 0,
      tickets_count: 3,
    };
    const OTHERS = { "GET /api/v1/customers": { items: [MARY, JO, { ...JO, customer_id: "c-3", erased_at: "2026-11-20T10:00:00Z" }] }, "GET /api/v1/customers/c-2": JO };
    const choose = async () => {
      await screen.findByRole("heading", { name: "Mary Major" });
      await press("Merge…");
      const dialog = await screen.findByRole("dialog", { name: "Merge with another customer" });
      await userEvent.click(within(dialog).getByRole("button", { name: /The other customer/ }));
      await screen.findByRole("option");
      return dialog;
    };

    it("after what will happen was shown and a reason given", async () => {
      const page = open({ answers: { ...OTHERS, [`POST ${PATH}/merge`]: MARY } });
      const dialog = await choose();
      // Neither this one nor whoever is erased.
      expect(screen.getAllByRole("option").map(({ textContent }) => textContent)).toEqual(["<i>M. Major</i>, mary@work.example"]);
      await userEvent.type(screen.getByRole("combobox", { name: "The other customer" }), "m.");
      await waitFor(() => expect(page.asked.at(-1)?.path).toBe("/api/v1/customers?limit=20&q=m."));
      await userEvent.click(screen.getByRole("option"));
      const text = (await within(dialog).findByLabelText("What will happen")).textContent;
      expect(text).toContain("3 tickets, no notes, mary@work.example, shop 9");
      expect(text).toContain("Mary Major stays; <i>M. Major</i> is given up");
      expect(text).toContain("The other one is blocked: this customer will be");
      const merge = within(dialog).getByRole("button", { name: "Merge for good" });
      expect(merge).toHaveProperty("disabled", true);
      await userEvent.type(within(dialog).getByRole("textbox", { name: "Reason" }), "The same person");
      await expectNoViolations(dialog);
      await userEvent.click(merge);
      await screen.findByText("<i>M. Major</i> was taken in");
      expect(screen.queryByRole("dialog")).toBeNull();
      expect(page.asked.find(({ path }) => path === `${PATH}/merge`)?.body).toEqual({ customer_id: "c-2", reason: "The same person" });
    });

    it("not where that is refused, which is said and can be tried again", async () => {
      const page = open({ answers: { ...OTHERS, [`POST ${PATH}/merge`]: () => jsonAnswer(409, { detail: "customer c-2 was erased" }) } });
      const dialog = await choose();
      await userEvent.click(screen.getByRole("option"));
      await within(dialog).findByLabelText("What will happen");
      await userEvent.type(within(dialog).getByRole("textbox", { name: "Reason" }), "Same{Enter}");
      expect((await within(dialog).findByRole("alert")).textContent).toContain("customer c-2 was erased");
      page.answer(`POST ${PATH}/merge`, () => jsonAnswer(422, { detail: "is this customer already", errors: [{ field: "customer_id", reason: "is this customer already" }] }));
      await userEvent.click(within(dialog).getByRole("button", { name: "Merge for good" }));
      await waitFor(() => expect(within(dialog).getByRole("alert").textContent).toContain("It is this customer already."));
    });

    it("not while the other cannot be read", async () => {
      open({ answers: { ...OTHERS, "GET /api/v1/customers/c-2": () => jsonAnswer(503, { detail: "ingestion-service does not answer" }) } });
      const dialog = await choose();
      await userEvent.click(screen.getByRole("option"));
      expect((await within(dialog).findByRole("alert")).textContent).toContain("ingestion-service does not answer");
      await userEvent.type(within(dialog).getByRole("textbox", { name: "Reason" }), "Same");
      expect(within(dialog).getByRole("button", { name: "Merge for good" })).toHaveProperty("disabled", true);
    });
  });

  it("lets a viewer look and change nothing, and an agent neither export nor erase", async () => {
    const { unmount } = open({ person: { roles: ["viewer"] } });
    await screen.findByText("Prefers e-mail");
    expect(screen.queryByRole("button", { name: /Block|Merge|Erase|Export|Add|Change the name/ })).toBeNull();
    unmount();
    open({ person: { roles: ["agent"] } });
    await screen.findByText("Prefers e-mail");
    expect(screen.getByRole("button", { name: "Block" })).toBeDefined();
    expect(screen.queryByRole("button", { name: /Erase|Export/ })).toBeNull();
  });

  it("says that the customer is not there", async () => {
    open({ answers: { [GET]: () => jsonAnswer(404, { detail: "there is no customer c-1" }) } });
    expect((await screen.findByRole("alert")).textContent).toContain("there is no customer c-1");
  });
});
