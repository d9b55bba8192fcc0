import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { jsonAnswer } from "../../testing/answers";
import { expectNoViolations } from "../../testing/axe";
import { renderPage } from "../../testing/frame";
import { Page as NewTicket } from "./page";

const POST = "POST /api/v1/tickets";
const ACCEPTED = () => jsonAnswer(202, { ticket_id: "t-9", status: "received" });
const open = (options: Parameters<typeof renderPage>[1] = {}) => renderPage(<NewTicket />, { route: "/tickets/new", ...options });
const field = (name: string) => screen.getByRole<HTMLInputElement>("textbox", { name });
const email = () => screen.getByRole<HTMLInputElement>("combobox", { name: "Customer's e-mail" });
const create = () => userEvent.click(screen.getByRole("button", { name: "Create ticket" }));

/** The keys that were sent, in order. */
function keysSent(): string[] {
  const keys: string[] = [];
  const inner = globalThis.fetch;
  vi.stubGlobal("fetch", (input: RequestInfo | URL, init?: RequestInit) => {
    if (init?.method === "POST") {
      keys.push(new Headers(init.headers).get("Idempotency-Key") ?? "");
    }
    return inner(input, init);
  });
  return keys;
}

describe("a new ticket", () => {
  it("is filled in from an example, sent, and then shown", async () => {
    const page = open({ answers: { [POST]: ACCEPTED } });
    await userEvent.click(await screen.findByRole("button", { name: /Double charge/ }));
    expect(field("Subject").value).toBe("My card was charged twice");
    await expectNoViolations(page.container);
    await userEvent.clear(email());
    await userEvent.type(email(), "john.minor@example.org");
    await create();
    await waitFor(() => expect(page.location()).toBe("/tickets/t-9"));
    const sent = page.asked.find(({ method }) => method === "POST")?.body;
    expect(sent).toMatchObject({ subject: "My card was charged twice", customer_email: "john.minor@example.org", channel: "email" });
    expect(sent).not.toHaveProperty("priority"); // the agent judges
  });

  it("is not sent without what it needs, and leads to the first field that lacks it", async () => {
    const page = open({ path: "/tickets/new?customer_email=mary.major@example.org" });
    await screen.findByRole("button", { name: "Create ticket" });
    expect(email().value).toBe("mary.major@example.org");
    await create();
    expect(screen.getByText("Give it a subject.")).toBeDefined();
    expect(document.activeElement).toBe(field("Subject"));
    await userEvent.keyboard("Broken lamp");
    expect(screen.queryByText("Give it a subject.")).toBeNull();
    expect(page.asked.some(({ method }) => method === "POST")).toBe(false);
  });

  it("shows each refusal at its field, and sends the same key again", async () => {
    const refused = { detail: "no", errors: [{ field: "customer_email", reason: "must be an e-mail address, like name@example.org" }] };
    const page = open({ answers: { [POST]: () => jsonAnswer(422, refused) } });
    const keys = keysSent();
    await userEvent.click(await screen.findByRole("button", { name: /Bug report/ }));
    await create();
    await screen.findByText("It must be an e-mail address, like name@example.org.");
    expect(email().getAttribute("aria-invalid")).toBe("true");
    page.answer(POST, ACCEPTED);
    await userEvent.type(field("Subject"), "{Control>}{Enter}{/Control}");
    await waitFor(() => expect(page.location()).toBe("/tickets/t-9"));
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it("that may have been accepted with another text is sent as another one only on a person's word", async () => {
    const taken = { detail: "no", errors: [{ field: "Idempotency-Key", reason: "was sent before with another request" }] };
    const page = open({ answers: { [POST]: () => jsonAnswer(422, taken) } });
    const keys = keysSent();
    await userEvent.click(await screen.findByRole("button", { name: /Bug report/ }));
    await create();
    expect((await screen.findByRole("alert")).textContent).toContain("accepted already");
    page.answer(POST, ACCEPTED);
    await userEvent.click(screen.getByRole("button", { name: "It is another ticket" }));
    await create();
    await waitFor(() => expect(page.location()).toBe("/tickets/t-9"));
    expect(new Set(keys).size).toBe(2);
  });

  it("gives back what an example took the place of", async () => {
    open();
    await userEvent.type(await screen.findByRole("textbox", { name: "Subject" }), "My own words");
    await userEvent.click(screen.getByRole("button", { name: /Double charge/ }));
    await userEvent.click(await screen.findByRole("button", { name: "Bring it back" }));
    expect(field("Subject").value).toBe("My own words");
  });

  it("is not offered to a viewer", async () => {
    open({ person: { roles: ["viewer"] } });
    await screen.findByText("Tickets are made by agents");
    expect(screen.queryByRole("textbox")).toBeNull();
  });
});
