import { configure, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { useCommandKeys } from "../../lib/commands";
import type { Role } from "../../lib/session";
import { jsonAnswer } from "../../testing/answers";
import { expectNoViolations } from "../../testing/axe";
import { renderPage } from "../../testing/frame";
import { Page } from "./page";

// A whole page is rendered in each: on a busy machine that takes its time, and how long says nothing.
vi.setConfig({ testTimeout: 60_000 });
configure({ asyncUtilTimeout: 20_000 });

const HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script><svg onload=alert(3)>';
const PATH = "/api/v1/tickets/t-1";

const TICKET = {
  ticket_id: "t-1",
  status: "resolved",
  subject: "Broken lamp",
  channel: "email",
  priority: "high",
  category: "refund_request",
  confidence: 0.93,
  customer: { customer_id: "c-1", email: "mary@example.org", verified: true },
  version: 7,
  created_at: "2026-11-20T10:00:00Z",
  updated_at: "2026-11-20T10:05:00Z",
  tags: ["vip"],
  assignee: "bob@acme.example",
  merged: [],
  continued_in: [],
  messages: [
    { message_id: "m-1", direction: "inbound", text: `It came in pieces. ${HOSTILE}`, state: "delivered", created_at: "2026-11-20T10:00:00Z" },
    { message_id: "m-2", direction: "outbound", text: "Refunds take ten days.", state: "sent", created_at: "2026-11-20T10:01:00Z" },
    {
      message_id: "m-3",
      direction: "note",
      text: "Second one this week.",
      state: "delivered",
      created_at: "2026-11-20T10:02:00Z",
      author: "user:bob@acme.example",
    },
  ],
  timeline: [
    { seq: 1, event: "ticket_received", at: "2026-11-20T10:00:00Z", actor: "customer", summary: "Received, channel email", message_id: "m-1", data: {} },
    {
      seq: 2,
      event: "reply_drafted",
      at: "2026-11-20T10:00:30Z",
      actor: "service:agent-service",
      summary: "Reply drafted: answer",
      data: {
        text: "Refunds take ten days.",
        citations: [{ article_id: "refunds", title: "How refunds work", passage: "Ten days after the return." }],
      },
    },
    { seq: 3, event: "action_failed", at: "2026-11-20T10:00:40Z", actor: "service:action-engine", summary: `Refund not done ${HOSTILE}`, data: { code: "declined" } },
  ],
};

const APPROVAL = {
  approval_id: "ap-1",
  action_id: "a-1",
  ticket_id: "t-1",
  action_type: "refund",
  arguments: { order_id: "A-1", amount: "25.00", currency: "EUR", reason: HOSTILE },
  effect: { summary: "Refund 25.00 EUR of order A-1", money: { amount: "25.00", currency: "EUR" }, details: {} },
  facts: { category: "financial", risk: "high", reversible: false },
  status: "pending",
  requester: "ai:luna",
  said_by_requester: { reason: HOSTILE },
  rule: "refund-needs-person",
  votes: [],
  votes_needed: 1,
  may_decide: ["approver"],
  barred: [],
  created_at: "2026-11-20T10:00:00Z",
  expires_at: "2126-11-20T10:00:00Z",
};

const ANSWERS = {
  [`GET ${PATH}`]: TICKET,
  "GET /api/v1/customers/c-1": {
    customer_id: "c-1",
    email: "mary@example.org",
    name: "Mary Major",
    blocked: false,
    notes_count: 0,
    tickets_count: 2,
    recent_tickets: [{ ticket_id: "t-9", subject: "Where is it?", status: "closed", created_at: "2026-10-01T10:00:00Z" }],
  },
  "GET /api/v1/agent/runs": {
    items: [
      {
        run_id: "r-1",
        status: "resolved",
        engine: "local",
        steps: [{ at: "2026-11-20T10:00:00Z", step: "redacted", detail: "email 2, phone 1" }],
        created_at: "2026-11-20T10:00:00Z",
      },
    ],
  },
  "GET /api/v1/agent/tickets/t-1/redactions": { counts: { email: 2, phone: 1 }, tokens: [], reveals: [] },
};

function open(answers: Record<string, unknown> = {}, roles: Role[] = ["agent"], path = "/tickets/t-1") {
  return renderPage(<Page />, {
    route: "/tickets/$id",
    path,
    answers: { ...ANSWERS, ...answers },
    person: { user: "ann@acme.example", roles },
  });
}

/** With the keys of the frame. */
function WithKeys() {
  useCommandKeys();
  return <Page />;
}

function lastAsked(page: ReturnType<typeof open>, method: string, path: string) {
  return page.asked.findLast((each) => each.method === method && each.path === path);
}

describe("a ticket's page", () => {
  it("shows what was said, by whom, with what it rests on, and passes axe", async () => {
    const { container } = open();
    expect(await screen.findByRole("heading", { level: 1, name: "Broken lamp" })).toBeDefined();
    const messages = within(screen.getByRole("list", { name: "What was said" })).getAllByRole("listitem");
    expect(messages[0]?.textContent).toContain("mary@example.org");
    expect(screen.getByText("AI agent")).toBeDefined();
    expect(screen.getByText("internal note")).toBeDefined();
    await userEvent.click(screen.getByText("Rests on How refunds work"));
    expect(screen.getByText("Ten days after the return.")).toBeDefined();
    expect(await screen.findByRole("link", { name: "Mary Major" })).toBeDefined();
    expect(await screen.findByRole("list", { name: "Redacted" })).toBeDefined();
    await expectNoViolations(container);
  });

  it("shows hostile text as text, in messages, summaries and arguments", async () => {
    open({ "GET /api/v1/approvals": { items: [APPROVAL] } }, ["approver"], "/tickets/t-1?tab=timeline");
    expect((await screen.findByRole("list", { name: "What happened" })).textContent).toContain("<script>");
    expect((await screen.findByRole("region", { name: /waits for a decision/ })).textContent).toContain("<script>");
    await userEvent.click(screen.getByRole("tab", { name: /Conversation/ }));
    expect(screen.getByRole("list", { name: "What was said" }).textContent).toContain("onerror");
    expect(document.querySelector("img, script, [onload]")).toBeNull();
  });

  it("says that there is no such ticket, and tries again", async () => {
    const page = open({ [`GET ${PATH}`]: () => jsonAnswer(404, { detail: "There is no ticket t-1." }) });
    expect((await screen.findByRole("alert")).textContent).toContain("There is no ticket t-1.");
    page.answer(`GET ${PATH}`, TICKET);
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Broken lamp" })).toBeDefined();
  });

  it("keeps the page where one part of it cannot be read", async () => {
    open({ "GET /api/v1/customers/c-1": () => jsonAnswer(503, { detail: "ingestion-service is away." }) });
    expect((await screen.findByRole("region", { name: "Customer" })).textContent).toBeDefined();
    expect(await screen.findByText("ingestion-service is away.")).toBeDefined();
    expect(screen.getByRole("list", { name: "What was said" })).toBeDefined();
  });

  it("reads again when the ticket's channel says something", async () => {
    const page = open();
    await screen.findByRole("heading", { level: 1, name: "Broken lamp" });
    await page.goLive();
    page.answer(`GET ${PATH}`, { ...TICKET, version: 8, status: "escalated" });
    await page.say("ticket:t-1", "ticket_escalated", "t-1", { ticket_id: "t-1" });
    expect(await screen.findAllByText("Escalated")).toBeDefined();
  });

  it("lets only what is new arrive visibly", async () => {
    const page = open();
    await screen.findByRole("heading", { level: 1, name: "Broken lamp" });
    expect(document.querySelector("li.animate-arrive")).toBeNull();
    await page.goLive();
    const reply = { message_id: "m-4", direction: "inbound", text: "Thank you!", state: "delivered", created_at: "2026-11-20T10:09:00Z" };
    page.answer(`GET ${PATH}`, { ...TICKET, version: 8, messages: [...TICKET.messages, reply] });
    await page.say("ticket:t-1", "customer_replied", "t-1", { ticket_id: "t-1" });
    expect((await screen.findByText("Thank you!")).closest("li")?.className).toContain("animate-arrive");
    expect(document.querySelectorAll("li.animate-arrive")).toHaveLength(1);
  });

  it("reads all of a long conversation", async () => {
    open({
      [`GET ${PATH}`]: { ...TICKET, messages_cursor: "c1" },
      [`GET ${PATH}/messages?limit=200&cursor=c1`]: { items: [{ ...TICKET.messages[0], message_id: "m-201", text: "Still nothing." }], next_cursor: "c/2" },
      [`GET ${PATH}/messages?limit=200&cursor=c%2F2`]: {
        items: [{ message_id: "m-900", direction: "inbound", text: "The last word.", state: "delivered", created_at: "2026-11-21T10:00:00Z" }],
        next_cursor: null,
      },
    });
    expect(await screen.findByText("The last word.")).toBeDefined();
    expect(screen.getByText("Still nothing.")).toBeDefined();
    expect(screen.getByRole("tab", { name: /Conversation/ }).textContent).toContain("5");
  });

  it("tells where a long ticket stands by what came last, and goes on with it live", async () => {
    const long = { ...TICKET, status: "escalated", timeline_cursor: "t1", messages_cursor: "m1" };
    const later = (entries: object[]) => ({ items: entries, next_cursor: null });
    const answered = { seq: 202, event: "approval_granted", at: "2026-11-21T10:00:00Z", actor: "user:eve@acme.example", summary: "Approved", data: {} };
    const drafted = { seq: 203, event: "reply_drafted", at: "2026-11-21T10:01:00Z", actor: "service:agent-service", summary: "Reply drafted", data: { text: "The newest draft." } };
    const reply = { message_id: "m-901", direction: "inbound", text: "Any news?", state: "delivered", created_at: "2026-11-21T11:00:00Z" };
    const page = open({
      [`GET ${PATH}`]: long,
      [`GET ${PATH}/timeline?limit=200&cursor=t1`]: later([answered, drafted]),
      [`GET ${PATH}/messages?limit=200&cursor=m1`]: later([]),
    });
    expect((await screen.findByRole("list", { name: "Progress" })).textContent).toContain("by eve");
    expect(screen.getByText(/Draft of the agent, not sent/).parentElement?.textContent).toContain("The newest draft.");
    await page.goLive();
    page.answer(`GET ${PATH}`, { ...long, version: 8 });
    page.answer(`GET ${PATH}/messages?limit=200&cursor=m1`, later([reply]));
    await page.say("ticket:t-1", "customer_replied", "t-1", { ticket_id: "t-1" });
    expect((await screen.findByText("Any news?")).closest("li")?.className).toContain("animate-arrive");
  });
});

describe("what a viewer sees", () => {
  it("offers nothing that only agents and approvers do", async () => {
    const page = open({ "GET /api/v1/approvals": { items: [APPROVAL] } }, ["viewer"]);
    await screen.findByRole("region", { name: /waits for a decision/ });
    for (const name of ["Approve", "Edit", "Reject", "Answer instead", "Send reply", "Block", "Add tag", "Add", "Take over from the agent", "Show the values"]) {
      expect(screen.queryByRole("button", { name })).toBeNull();
    }
    expect(screen.queryByRole("combobox")).toBeNull();
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(screen.getByText(/you can read along/)).toBeDefined();
    expect(page.asked.some(({ path }) => path.includes("redactions"))).toBe(false);
  });
});

describe("properties", () => {
  it("change with the version that was read", async () => {
    const page = open({ [`PUT ${PATH}/priority`]: { ticket_id: "t-1", status: "resolved", version: 8 } });
    const headers: (string | null)[] = [];
    const fetched = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      if (init?.method === "PUT") {
        headers.push(new Headers(init.headers).get("If-Match"));
      }
      return fetched(input, init);
    };
    await userEvent.selectOptions(await screen.findByLabelText("Priority"), "urgent");
    await waitFor(() => expect(lastAsked(page, "PUT", `${PATH}/priority`)?.body).toEqual({ priority: "urgent" }));
    expect(headers).toEqual(['"7"']);
  });

  it("tell that somebody was faster, show what holds now, and can be set anyway", async () => {
    const page = open({ [`PUT ${PATH}/priority`]: () => jsonAnswer(412, { detail: "changed since" }) });
    const priority = await screen.findByLabelText<HTMLSelectElement>("Priority");
    page.answer(`GET ${PATH}`, { ...TICKET, version: 8, priority: "urgent" });
    await userEvent.selectOptions(priority, "low");
    const alert = await screen.findByText(/Somebody was faster/);
    expect(alert.textContent).toBe("Somebody was faster: the priority is urgent now. Your change (priority low) was not made.");
    await waitFor(() => expect(screen.getByLabelText<HTMLSelectElement>("Priority").value).toBe("urgent"));
    page.answer(`PUT ${PATH}/priority`, { ticket_id: "t-1", version: 9 });
    await userEvent.click(screen.getByRole("button", { name: "Make it anyway" }));
    await waitFor(() => expect(screen.queryByText(/Somebody was faster/)).toBeNull());
    expect(page.asked.filter(({ method, path }) => method === "PUT" && path.endsWith("/priority"))).toHaveLength(2);
  });

  it("take a category that the classifier does not know yet", async () => {
    const page = open({ [`PUT ${PATH}/category`]: {} });
    await userEvent.click(await screen.findByRole("button", { name: /^Category/ }));
    await userEvent.type(screen.getByPlaceholderText("Type to search"), "broken goods");
    await userEvent.click(await screen.findByText("Use “broken goods”"));
    await waitFor(() => expect(lastAsked(page, "PUT", `${PATH}/category`)?.body).toEqual({ category: "broken goods" }));
  });

  it("set language and sentiment, which the agent then leaves as they are", async () => {
    const page = open({ [`GET ${PATH}`]: { ...TICKET, language: "en", sentiment: "neutral" }, [`PUT ${PATH}/sentiment`]: {}, [`PUT ${PATH}/language`]: {} });
    await userEvent.selectOptions(await screen.findByRole("combobox", { name: "Sentiment" }), "negative");
    await waitFor(() => expect(lastAsked(page, "PUT", `${PATH}/sentiment`)?.body).toEqual({ sentiment: "negative" }));
    await userEvent.click(screen.getByRole("button", { name: /Language English/ }));
    await userEvent.type(screen.getByRole("combobox", { name: "Language" }), "Ger");
    await userEvent.click(await screen.findByRole("option", { name: "German" }));
    await waitFor(() => expect(lastAsked(page, "PUT", `${PATH}/language`)?.body).toEqual({ language: "de" }));
    await userEvent.click(screen.getByRole("button", { name: /Language English/ }));
    await userEvent.type(screen.getByRole("combobox", { name: "Language" }), "IS");
    await userEvent.click(await screen.findByRole("option", { name: "Use “is”" }));
    await waitFor(() => expect(lastAsked(page, "PUT", `${PATH}/language`)?.body).toEqual({ language: "is" }));
  });

  it("say why a language is refused, and show a viewer what is set", async () => {
    const { unmount } = open({ [`PUT ${PATH}/language`]: () => jsonAnswer(422, { detail: "language must be the two small letters that ISO 639-1 has for it" }) });
    await userEvent.click(await screen.findByRole("button", { name: /Language Not known yet/ }));
    await userEvent.type(screen.getByRole("combobox", { name: "Language" }), "qq");
    await userEvent.click(await screen.findByRole("option", { name: "Use “qq”" }));
    expect((await screen.findByRole("alert")).textContent).toContain("ISO 639-1");
    unmount();
    open({ [`GET ${PATH}`]: { ...TICKET, language: "de", sentiment: "positive" } }, ["viewer"]);
    expect(await screen.findByText("German")).toBeDefined();
    expect(screen.getByText("Positive")).toBeDefined();
    expect(screen.queryByRole("combobox", { name: "Sentiment" })).toBeNull();
  });

  it("give it to nobody", async () => {
    const page = open({ [`PUT ${PATH}/assignee`]: {} });
    await userEvent.click(await screen.findByRole("button", { name: /^Assignee/ }));
    await userEvent.click(await screen.findByText("Nobody"));
    await waitFor(() => expect(lastAsked(page, "PUT", `${PATH}/assignee`)?.body).toEqual({ assignee: null }));
  });

  it("add and remove tags", async () => {
    const page = open({ [`PUT ${PATH}/tags`]: {} });
    await userEvent.click(await screen.findByRole("button", { name: "Add tag" }));
    await userEvent.type(screen.getByLabelText("New tag"), "Late Delivery{Enter}");
    await waitFor(() => expect(lastAsked(page, "PUT", `${PATH}/tags`)?.body).toEqual({ tags: ["vip", "late delivery"] }));
    await waitFor(() => expect(screen.getByRole("button", { name: "Remove the tag vip" })).toHaveProperty("disabled", false));
    await userEvent.click(screen.getByRole("button", { name: "Remove the tag vip" }));
    await waitFor(() => expect(lastAsked(page, "PUT", `${PATH}/tags`)?.body).toEqual({ tags: [] }));
    // The button that was pressed goes with its tag: the focus stays among the tags.
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Add tag" }));
    await userEvent.keyboard("{Enter}{Escape}");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "Add tag" })));
  });
});

describe("a reply", () => {
  it("goes with Ctrl+Enter, and empties the field", async () => {
    const page = open({ [`POST ${PATH}/messages`]: () => jsonAnswer(201, {}) });
    const field = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Reply to the customer" });
    await userEvent.type(field, "Money is on its way.{Control>}{Enter}{/Control}");
    await waitFor(() =>
      expect(lastAsked(page, "POST", `${PATH}/messages`)?.body).toEqual({ text: "Money is on its way.", internal: false }),
    );
    await waitFor(() => expect(field.value).toBe(""));
  });

  it("keeps its key and its words where the answer was lost, and says so", async () => {
    const page = open({ [`POST ${PATH}/messages`]: () => jsonAnswer(503, { detail: "The database is away." }) });
    const keys: (string | null)[] = [];
    const fetched = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      if (init?.method === "POST") {
        keys.push(new Headers(init.headers).get("Idempotency-Key"));
      }
      return fetched(input, init);
    };
    const field = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Reply to the customer" });
    await userEvent.type(field, "Hello");
    await userEvent.click(screen.getByRole("button", { name: "Send reply" }));
    expect((await screen.findByText("The database is away.")).getAttribute("role")).toBe("alert");
    expect(field.value).toBe("Hello");
    page.answer(`POST ${PATH}/messages`, () => jsonAnswer(200, {}));
    await userEvent.click(screen.getByRole("button", { name: "Send reply" }));
    await waitFor(() => expect(field.value).toBe(""));
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
    await userEvent.type(field, "Hello");
    await userEvent.click(screen.getByRole("button", { name: "Send reply" }));
    await waitFor(() => expect(keys).toHaveLength(3));
    expect(keys[2]).not.toBe(keys[1]);
  });

  it("is a note where it is meant for colleagues, and survives a look at the timeline", async () => {
    const page = open({ [`POST ${PATH}/messages`]: {} });
    await userEvent.click(await screen.findByRole("button", { name: "Internal note" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Note for colleagues" }), "Ask logistics");
    await userEvent.click(screen.getByRole("tab", { name: /Timeline/ }));
    await userEvent.click(screen.getByRole("tab", { name: /Conversation/ }));
    await userEvent.click(screen.getByRole("button", { name: "Add note" }));
    await waitFor(() => expect(lastAsked(page, "POST", `${PATH}/messages`)?.body).toEqual({ text: "Ask logistics", internal: true }));
  });

  it("can begin with the draft that the agent did not send", async () => {
    const draft = { seq: 4, event: "reply_drafted", at: "2026-11-20T10:04:00Z", actor: "service:agent-service", summary: "", data: { text: "Shall we refund it?" } };
    open({ [`GET ${PATH}`]: { ...TICKET, status: "escalated", timeline: [...TICKET.timeline, draft] } });
    await userEvent.click(await screen.findByRole("button", { name: "Edit and send" }));
    expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Reply to the customer" }).value).toBe("Shall we refund it?");
  });

  it("offers files only where they can go with it", async () => {
    open({ [`GET ${PATH}`]: { ...TICKET, messages: TICKET.messages.map((message) => ({ ...message, attachments: [] })) } });
    expect(await screen.findByRole("button", { name: "Attach files" })).toBeDefined();
  });

  it("sends its files first, once, and then names them", async () => {
    const page = open({
      [`GET ${PATH}`]: { ...TICKET, messages: TICKET.messages.map((message) => ({ ...message, attachments: [] })) },
      [`POST ${PATH}/attachments`]: () => jsonAnswer(201, { items: [{ file_id: "f-9", file_name: "form.pdf", size: 3 }] }),
      [`POST ${PATH}/messages`]: () => jsonAnswer(503, { detail: "The database is away." }),
    });
    await userEvent.upload(await screen.findByLabelText("Files to send"), new File(["abc"], "form.pdf"));
    await userEvent.type(screen.getByRole("textbox", { name: "Reply to the customer" }), "See the form");
    await userEvent.click(screen.getByRole("button", { name: "Send reply" }));
    await screen.findByText("The database is away.");
    page.answer(`POST ${PATH}/messages`, {});
    await userEvent.click(screen.getByRole("button", { name: "Send reply" }));
    await waitFor(() =>
      expect(lastAsked(page, "POST", `${PATH}/messages`)?.body).toEqual({ text: "See the form", internal: false, attachments: ["f-9"] }),
    );
    expect(page.asked.filter(({ method, path }) => method === "POST" && path.endsWith("/attachments"))).toHaveLength(1);
  });
});

describe("a canned reply", () => {
  const CANNED = {
    "GET /api/v1/canned-replies": {
      items: [
        { reply_id: "cr-1", name: "Goodbye", text: "Bye, {customer_name}." },
        { reply_id: "cr-2", name: "Late parcel", text: "Dear {customer_name}, sorry for {ticket_id}.", category: "delivery_problem" },
        { reply_id: "cr-3", name: "Refund sent", text: "It is on its way.", category: "refund_request" },
      ],
    },
  };
  const openWithKeys = (answers: Record<string, unknown> = CANNED, roles: Role[] = ["agent"]) =>
    renderPage(<WithKeys />, { route: "/tickets/$id", path: "/tickets/t-1", answers: { ...ANSWERS, ...answers }, person: { user: "ann@acme.example", roles } });
  const fieldOf = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Reply to the customer" });

  it("is chosen by keys while one writes, and stands at the caret with its places filled in", async () => {
    const page = openWithKeys();
    await screen.findByRole("link", { name: "Mary Major" });
    const field = await fieldOf();
    await userEvent.type(field, "Hello. Goodbye.");
    field.setSelectionRange(7, 7);
    await userEvent.keyboard("{Control>}.{/Control}");
    const picker = await screen.findByRole("dialog", { name: "Canned replies" });
    await waitFor(() => expect(within(picker).getAllByRole("option")).toHaveLength(3));
    expect(within(picker).getAllByRole("option")[0]?.textContent).toContain("Refund sent"); // of the ticket's category
    await expectNoViolations(page.container);
    await userEvent.keyboard("dear late");
    await waitFor(() => expect(within(picker).getAllByRole("option")).toHaveLength(1));
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const said = "Dear Mary Major, sorry for t-1.";
    expect(field.value).toBe(`Hello. ${said}Goodbye.`);
    await waitFor(() => expect(document.activeElement).toBe(field));
    expect([field.selectionStart, field.selectionEnd]).toEqual([7 + said.length, 7 + said.length]);
  });

  it("opens by c, and keeps and chooses a place that nothing is known for", async () => {
    openWithKeys({ ...CANNED, "GET /api/v1/customers/c-1": { customer_id: "c-1", email: "mary@example.org" } });
    const field = await fieldOf();
    await userEvent.keyboard("c");
    const picker = await screen.findByRole("dialog", { name: "Canned replies" });
    await userEvent.click(await within(picker).findByRole("option", { name: /Goodbye/ }));
    await waitFor(() => expect(document.activeElement).toBe(field));
    expect(field.value).toBe("Bye, {customer_name}.");
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe("{customer_name}");
    expect(screen.getByText(/Not filled in yet: {customer_name}/)).toBeDefined();
    await userEvent.keyboard("Mary");
    expect(field.value).toBe("Bye, Mary.");
    expect(screen.queryByText(/Not filled in yet/)).toBeNull();
  });

  it("that is left with Escape changes nothing and goes back to the field", async () => {
    openWithKeys();
    const field = await fieldOf();
    await userEvent.click(screen.getByRole("button", { name: "Insert a canned reply" }));
    await screen.findByRole("dialog", { name: "Canned replies" });
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement).toBe(field));
    expect(field.value).toBe("");
  });

  it("that cannot be read says why, and who writes them where there are none", async () => {
    const page = openWithKeys({ "GET /api/v1/canned-replies": () => jsonAnswer(503, { detail: "ingestion-service does not answer" }) });
    await fieldOf();
    await userEvent.keyboard("c");
    const picker = await screen.findByRole("dialog", { name: "Canned replies" });
    expect(await within(picker).findByText(/ingestion-service does not answer/)).toBeDefined();
    page.answer("GET /api/v1/canned-replies", { items: [] });
    await userEvent.click(within(picker).getByRole("button", { name: "Try again" }));
    expect(await within(picker).findByText(/An administrator writes them/)).toBeDefined();
  });

  it("is not offered to who only looks", async () => {
    openWithKeys(CANNED, ["viewer"]);
    await screen.findByText("You read along; agents answer.");
    await userEvent.keyboard("c");
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("what is being written", () => {
  const field = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: /Reply to the customer|Note for colleagues/ });

  it("is there again after the page was left, as the note that it is, for who wrote it and until it is sent", async () => {
    const page = open({ [`POST ${PATH}/messages`]: () => jsonAnswer(201, {}) });
    await userEvent.click(await screen.findByRole("button", { name: "Internal note" }));
    await userEvent.type(await field(), "Ask the warehouse.");
    page.unmount();
    const other = renderPage(<Page />, { route: "/tickets/$id", path: "/tickets/t-1", answers: ANSWERS, person: { user: "bob@acme.example", roles: ["agent"] } });
    expect((await field()).value).toBe("");
    other.unmount();
    const again = open({ [`POST ${PATH}/messages`]: () => jsonAnswer(201, {}) });
    expect((await field()).value).toBe("Ask the warehouse.");
    await userEvent.click(screen.getByRole("button", { name: "Add note" }));
    await waitFor(async () => expect((await field()).value).toBe(""));
    expect(lastAsked(again, "POST", `${PATH}/messages`)?.body).toEqual({ text: "Ask the warehouse.", internal: true });
    expect(localStorage).toHaveLength(0);
  });

  it("is said once by who sends it again after a reload, since its key is kept with it", async () => {
    const keys: (string | null)[] = [];
    const watch = () => {
      const fetched = globalThis.fetch;
      globalThis.fetch = (input, init) => {
        if (init?.method === "POST") {
          keys.push(new Headers(init.headers).get("Idempotency-Key"));
        }
        return fetched(input, init);
      };
    };
    const page = open({ [`POST ${PATH}/messages`]: () => jsonAnswer(503, { detail: "The database is away." }) });
    watch();
    await userEvent.type(await field(), "Hello{Control>}{Enter}{/Control}");
    await screen.findByText("The database is away.");
    page.unmount();
    open({ [`POST ${PATH}/messages`]: () => jsonAnswer(201, {}) });
    watch();
    expect((await field()).value).toBe("Hello");
    await userEvent.click(screen.getByRole("button", { name: "Send reply" }));
    await waitFor(async () => expect((await field()).value).toBe(""));
    expect(keys).toHaveLength(2);
    expect(keys[1]).toBe(keys[0]);
  });

  it("is asked about before one leaves with files, which cannot be kept", async () => {
    const page = open({ [`GET ${PATH}`]: { ...TICKET, messages: [{ ...TICKET.messages[0], attachments: [] }] } });
    await field();
    await userEvent.upload(screen.getByLabelText("Files to send"), new File(["a"], "photo.png"));
    page.go("/elsewhere");
    const dialog = await screen.findByRole("dialog");
    expect(dialog.textContent).toContain("The files that you attached are not kept.");
    expect(page.location()).toBe("/tickets/t-1");
    await userEvent.click(within(dialog).getByRole("button", { name: "Leave" }));
    expect(await screen.findByText("another page")).toBeDefined();
  });
});

describe("an approval that waits", () => {
  const DECIDE = "/api/v1/approvals/ap-1/decide";
  const WAITING = {
    [`GET ${PATH}`]: { ...TICKET, status: "awaiting_approval" },
    "GET /api/v1/approvals": { items: [APPROVAL] },
    "GET /api/v1/approvals/ap-1": () => new Response(JSON.stringify(APPROVAL), { headers: { ETag: '"3"' } }),
  };
  const boxOf = () => screen.findByRole("region", { name: "Refund waits for a decision" });

  it("shows arguments, effect and risk, passes axe, takes two steps, and tells what came of it with the way to the action", async () => {
    const page = open({ ...WAITING, [`POST ${DECIDE}`]: { ...APPROVAL, status: "approved" } }, ["approver"]);
    const sent: (string | null)[] = [];
    const fetched = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      if (String(input) === DECIDE) {
        sent.push(new Headers(init?.headers).get("If-Match"));
      }
      return fetched(input, init);
    };
    const box = await boxOf();
    expect(box.textContent).toContain("Refund 25.00 EUR of order A-1");
    expect(box.textContent).toContain("order_id");
    expect(box.textContent).toContain("a claim of whoever asked");
    expect(within(box).getByText("High risk")).toBeDefined();
    expect(within(box).getByRole("link", { name: "Approval" }).getAttribute("href")).toBe("/approvals?id=ap-1");
    expect(within(box).getByRole("link", { name: "Action" }).getAttribute("href")).toBe("/operations?id=a-1");
    await expectNoViolations(box);
    await userEvent.click(within(box).getByRole("button", { name: "Approve" }));
    expect(lastAsked(page, "POST", DECIDE)).toBeUndefined();
    page.answer("GET /api/v1/approvals", { items: [] });
    await userEvent.click(within(box).getByRole("button", { name: "Confirm approval" }));
    await waitFor(() => expect(lastAsked(page, "POST", DECIDE)?.body).toEqual({ decision: "approve" }));
    expect(sent).toEqual(['"3"']);
    const told = (await screen.findByText("Refund approved")).closest("li") as HTMLElement;
    await waitFor(() => expect(screen.queryByRole("region", { name: /waits for a decision/ })).toBeNull());
    await userEvent.click(within(told).getByRole("button", { name: "Open the action" }));
    await waitFor(() => expect(page.location()).toBe("/operations?id=a-1"));
  });

  it("is decided by the keys of the approvals page", async () => {
    const page = renderPage(<WithKeys />, {
      route: "/tickets/$id",
      path: "/tickets/t-1",
      answers: { ...ANSWERS, ...WAITING, [`POST ${DECIDE}`]: { ...APPROVAL, status: "approved" } },
      person: { user: "ann@acme.example", roles: ["approver"] },
    });
    await boxOf();
    await userEvent.keyboard("a");
    expect(document.activeElement?.textContent).toBe("Confirm approval");
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(lastAsked(page, "POST", DECIDE)?.body).toEqual({ decision: "approve" }));
  });

  it.each([
    ["Reject", "Confirm rejection", "reject"],
    ["Answer instead", "Send the answer", "respond"],
  ])("wants a reason to %s", async (button, confirm, decision) => {
    const page = open({ ...WAITING, [`POST ${DECIDE}`]: {} }, ["approver"]);
    await userEvent.click(await screen.findByRole("button", { name: button }));
    await userEvent.keyboard("   ");
    await userEvent.click(screen.getByRole("button", { name: confirm }));
    expect(lastAsked(page, "POST", DECIDE)).toBeUndefined();
    await userEvent.type(screen.getByRole("textbox", { name: /Reason|Answer/ }), "Too much");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(lastAsked(page, "POST", DECIDE)?.body).toEqual({ decision, reason: "Too much" }));
  });

  it("sends only what was edited, and says at the field what is wrong with it", async () => {
    const refusal = () => jsonAnswer(422, { detail: "refused", errors: [{ field: "arguments.amount", reason: "is more than the 25.00 that can still be refunded" }] });
    const page = open({ ...WAITING, [`POST ${DECIDE}`]: refusal }, ["approver"]);
    await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
    const amount = screen.getByRole("textbox", { name: "Amount (EUR)" });
    await userEvent.clear(amount);
    await userEvent.type(amount, "99.00");
    await userEvent.type(screen.getByRole("textbox", { name: "Reason for the edit" }), "shipping too");
    await userEvent.click(screen.getByRole("button", { name: "Send the edit" }));
    expect(await screen.findByText("is more than the 25.00 that can still be refunded")).toBeDefined();
    expect(amount.getAttribute("aria-invalid")).toBe("true");
    expect(lastAsked(page, "POST", DECIDE)?.body).toEqual({ decision: "edit", reason: "shipping too", arguments: { amount: "99.00" } });
  });

  it("that somebody else decided meanwhile is gone, and says by whom it was", async () => {
    const page = open({ ...WAITING, "GET /api/v1/approvals/ap-1": { ...APPROVAL, status: "rejected", decided_by: "user:eve@acme.example" } }, ["approver"]);
    await userEvent.click(await screen.findByRole("button", { name: "Approve" }));
    page.answer("GET /api/v1/approvals", { items: [] });
    await userEvent.click(screen.getByRole("button", { name: "Confirm approval" }));
    expect(await screen.findByText("Refund: your decision was not taken")).toBeDefined();
    expect(screen.getAllByText("Rejected by eve@acme.example already.").length).toBeGreaterThan(0);
    await waitFor(() => expect(screen.queryByRole("region", { name: /waits for a decision/ })).toBeNull());
    expect(lastAsked(page, "POST", DECIDE)).toBeUndefined();
  });

  it("that was changed meanwhile is not decided: it says so and shows what it is now", async () => {
    const changed = { ...APPROVAL, effect: { ...APPROVAL.effect, summary: "Refund 20.00 EUR of order A-1" } };
    const page = open({ ...WAITING, "GET /api/v1/approvals/ap-1": changed }, ["approver"]);
    await userEvent.click(await screen.findByRole("button", { name: "Approve" }));
    page.answer("GET /api/v1/approvals", { items: [changed] });
    await userEvent.click(screen.getByRole("button", { name: "Confirm approval" }));
    const box = await boxOf();
    expect((await within(box).findByRole("alert")).textContent).toContain("It was changed since you saw it");
    expect(await within(box).findByText("Refund 20.00 EUR of order A-1")).toBeDefined();
    expect(lastAsked(page, "POST", DECIDE)).toBeUndefined();
  });

  it("that is another version by the time it is decided says so, too", async () => {
    open({ ...WAITING, [`POST ${DECIDE}`]: () => jsonAnswer(412, { detail: "stale" }) }, ["approver"]);
    await userEvent.click(await screen.findByRole("button", { name: "Approve" }));
    await userEvent.click(screen.getByRole("button", { name: "Confirm approval" }));
    expect((await within(await boxOf()).findByRole("alert")).textContent).toContain("It was changed since you saw it");
  });

  it("says that the customer has written since", async () => {
    open({ ...WAITING, "GET /api/v1/approvals": { items: [{ ...APPROVAL, ticket_changed_at: "2026-11-20T10:05:00Z" }] } }, ["approver"]);
    expect(await within(await boxOf()).findByText(/The customer has written since this was asked/)).toBeDefined();
  });

  it("is not approved by whoever asked for it", async () => {
    open({ ...WAITING, "GET /api/v1/approvals": { items: [{ ...APPROVAL, barred: ["user:ann@acme.example"] }] } }, ["approver"]);
    expect(await screen.findByText(/somebody else must approve it/)).toBeDefined();
    expect(screen.queryByRole("button", { name: "Approve" })).toBeNull();
    expect(screen.getByRole("button", { name: "Reject" })).toBeDefined();
  });
});

describe("the timeline", () => {
  it("is filtered by kind, in the address, and shows what an entry holds", async () => {
    const page = open({}, ["viewer"], "/tickets/t-1?tab=timeline");
    const all = await screen.findByRole("list", { name: "What happened" });
    expect(within(all).getAllByRole("listitem")).toHaveLength(3);
    await userEvent.click(screen.getByRole("button", { name: /^Actions/ }));
    expect(within(screen.getByRole("list", { name: "What happened" })).getAllByRole("listitem")).toHaveLength(1);
    expect(page.location()).toContain("kind=actions");
    await userEvent.click(screen.getByRole("button", { name: "Details of Action failed, number 3" }));
    expect(screen.getByRole("list", { name: "What happened" }).textContent).toContain("declined");
    await expectNoViolations(page.container);
  });

  it("is whole where it is long", async () => {
    open(
      {
        [`GET ${PATH}`]: { ...TICKET, timeline_cursor: "x" },
        [`GET ${PATH}/timeline?limit=200&cursor=x`]: { items: [{ ...TICKET.timeline[0], seq: 201, summary: "Much later" }], next_cursor: null },
      },
      ["viewer"],
      "/tickets/t-1?tab=timeline",
    );
    expect(await screen.findByText("Much later")).toBeDefined();
    expect(within(screen.getByRole("list", { name: "What happened" })).getAllByRole("listitem")).toHaveLength(4);
  });
});

describe("what is done about the whole ticket", () => {
  it("offers another run first where it failed, and asks why", async () => {
    const page = open({ [`GET ${PATH}`]: { ...TICKET, status: "failed" }, [`POST ${PATH}/retry`]: () => jsonAnswer(202, {}) });
    await userEvent.click(await screen.findByRole("button", { name: "Give to the agent again" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Reason (optional)" }), "the model is back");
    await userEvent.click(screen.getByRole("button", { name: "Run again" }));
    await waitFor(() => expect(lastAsked(page, "POST", `${PATH}/retry`)?.body).toEqual({ reason: "the model is back" }));
    expect(await screen.findByText("The agent works on it again")).toBeDefined();
  });

  it("is nothing while an action is decided about", async () => {
    open({ [`GET ${PATH}`]: { ...TICKET, status: "awaiting_approval" } });
    await screen.findByRole("heading", { level: 1, name: "Broken lamp" });
    expect(screen.queryByRole("button", { name: "More to do with the ticket" })).toBeNull();
  });

  it("merges into a ticket that is chosen, and not without one", async () => {
    const page = open({
      "GET /api/v1/tickets": { items: [{ ticket_id: "t-1", subject: "Broken lamp" }, { ticket_id: "t-5", subject: "Lamp again", status: "resolved" }] },
      [`POST ${PATH}/merge`]: {},
    });
    await userEvent.click(await screen.findByRole("button", { name: "More to do with the ticket" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Merge into another ticket" }));
    const dialog = await screen.findByRole("dialog");
    await userEvent.click(within(dialog).getByRole("button", { name: "Merge" }));
    expect(await screen.findByText("Choose the ticket that it becomes part of.")).toBeDefined();
    await userEvent.click(within(dialog).getByRole("button", { name: /^Into/ }));
    expect(screen.queryByText(/^Broken lamp ·/)).toBeNull();
    await userEvent.click(await screen.findByText(/^Lamp again/));
    await userEvent.click(within(dialog).getByRole("button", { name: "Merge" }));
    await waitFor(() => expect(lastAsked(page, "POST", `${PATH}/merge`)?.body).toEqual({ into: "t-5" }));
  });
});

describe("personal data", () => {
  it("is shown to an administrator who says why", async () => {
    const page = open({ "POST /api/v1/agent/tickets/t-1/redactions/reveal": { values: { "[EMAIL_1]": "mary@example.org" } } }, ["admin"]);
    await userEvent.click(await screen.findByRole("button", { name: "Show the values" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByRole("button", { name: "Show" })).toHaveProperty("disabled", true);
    await userEvent.type(within(dialog).getByRole("textbox"), "she asked for it");
    await userEvent.click(within(dialog).getByRole("button", { name: "Show" }));
    expect(await within(dialog).findByText("[EMAIL_1]")).toBeDefined();
    expect(lastAsked(page, "POST", "/api/v1/agent/tickets/t-1/redactions/reveal")?.body).toEqual({ reason: "she asked for it" });
  });
});

describe("a mail that could not be sent", () => {
  it("says why, and is sent again", async () => {
    const page = open({
      [`GET ${PATH}`]: { ...TICKET, messages: [{ ...TICKET.messages[1], state: "failed" }] },
      [`GET ${PATH}/emails`]: { items: [{ message_id: "m-2", state: "failed", error: "550 no such user" }] },
      [`POST ${PATH}/emails/m-2/retry`]: { items: [] },
    });
    expect(await screen.findByText("550 no such user")).toBeDefined();
    await userEvent.click(screen.getByRole("button", { name: "Send again" }));
    await waitFor(() => expect(lastAsked(page, "POST", `${PATH}/emails/m-2/retry`)).toBeDefined());
  });
});

describe("a mail", () => {
  it("is shown as it was sent only in a sandbox, and as text again", async () => {
    const page = open({
      [`GET ${PATH}`]: { ...TICKET, messages: [{ ...TICKET.messages[0], has_html: true }] },
      [`GET ${PATH}/messages/m-1/html`]: () => new Response(`<p>Hello ${HOSTILE}</p>`),
    });
    expect(document.querySelector("iframe")).toBeNull();
    await userEvent.click(await screen.findByRole("button", { name: "Show the mail as it was sent" }));
    const frame = await screen.findByTitle("The mail as it was sent");
    expect(frame.getAttribute("sandbox")).toBe("allow-same-origin");
    expect(frame.hasAttribute("srcdoc")).toBe(false);
    expect(lastAsked(page, "GET", `${PATH}/messages/m-1/html`)).toBeDefined();
    expect(document.querySelector("img, script, [onload]")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Show the text" }));
    expect(document.querySelector("iframe")).toBeNull();
  });
});

describe("files", () => {
  const FILE = { file_id: "f-1", message_id: "m-1", file_name: `${HOSTILE}.svg`, media_type: "image/svg+xml", size: 48_211 };

  it("stand with their message and are saved, never shown", async () => {
    const saved: Blob[] = [];
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: (blob: Blob) => `blob:${saved.push(blob)}`, revokeObjectURL: vi.fn() }));
    const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
    open({ [`GET ${PATH}/attachments`]: { items: [FILE] }, [`GET ${PATH}/attachments/f-1`]: () => new Response("<svg/>") }, ["viewer"]);
    const message = (await screen.findByRole("list", { name: "What was said" })).firstElementChild as HTMLElement;
    await userEvent.click(await within(message).findByRole("button", { name: /^Save.*48 kB$/ }));
    await waitFor(() => expect(click).toHaveBeenCalledOnce());
    expect(saved[0]?.type).toBe("application/octet-stream");
    expect(document.querySelector("img, script, [onload]")).toBeNull();
  });

  it("are added to the ticket, and say why not", async () => {
    const page = open({ [`POST ${PATH}/attachments`]: () => jsonAnswer(422, { detail: "must not be of the type application/x-msdownload" }) });
    await userEvent.upload(await screen.findByLabelText("Files to add to the ticket"), new File(["MZ"], "setup.exe"));
    expect(await screen.findByText("must not be of the type application/x-msdownload")).toBeDefined();
    page.answer(`POST ${PATH}/attachments`, { items: [FILE] });
    await userEvent.upload(screen.getByLabelText("Files to add to the ticket"), new File(["a"], "a.txt"));
    expect(await screen.findByText("File added")).toBeDefined();
  });
});

describe("the customer", () => {
  it("is blocked with a reason, in two steps", async () => {
    const page = open({ "POST /api/v1/customers/c-1/block": {} });
    await userEvent.click(await screen.findByRole("button", { name: "Block" }));
    const dialog = await screen.findByRole("dialog");
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Reason" }), "Spam");
    await userEvent.click(within(dialog).getByRole("button", { name: "Block" }));
    await waitFor(() => expect(lastAsked(page, "POST", "/api/v1/customers/c-1/block")?.body).toEqual({ reason: "Spam" }));
  });

  it("leads to their other tickets", async () => {
    open();
    expect((await screen.findByRole("link", { name: /Where is it/ })).getAttribute("href")).toBe("/tickets/t-9");
  });
});
