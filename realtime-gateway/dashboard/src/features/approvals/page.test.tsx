import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { useCommandKeys } from "../../lib/commands";
import { jsonAnswer } from "../../testing/answers";
import { expectNoViolations } from "../../testing/axe";
import { renderPage } from "../../testing/frame";
import { Page } from "./page";

const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const REFUND = {
  approval_id: "ap-1",
  action_id: "ac-1",
  ticket_id: "t-1",
  version: 1,
  action_type: "refund",
  arguments: { order_id: "A-1007", amount: "25.00", currency: "EUR", reason: "<img src=x onerror=alert(1)>" },
  arguments_hash: "9f2b",
  effect: {
    summary: "Refunds 25.00 EUR of order A-1007",
    money: { amount: "25.00", currency: "EUR" },
    details: { refundable_now: "25.00", remaining_after: "0.00" },
  },
  facts: { category: "financial", risk: "high", reversible: false, target: "order/A-1007" },
  requester: "ai:luna",
  said_by_requester: { reason: "<img src=x onerror=alert(1)>" },
  rule: "refund-needs-person",
  rule_in_words: "A refund needs one approver.",
  policy_version: 0,
  votes: [],
  votes_needed: 1,
  may_decide: ["approver"],
  barred: ["ai:luna"],
  status: "pending",
  reminders: 0,
  created_at: soon(-10),
  expires_at: soon(5),
};
const SCALE = {
  ...REFUND,
  approval_id: "ap-2",
  action_id: "ac-2",
  action_type: "scale_deployment",
  arguments: { service_name: "agent-service", target_type: "standalone", replicas: 4 },
  effect: { summary: "Scale agent-service from 2 to 4", details: { replicas_now: 2, replicas_after: 4 } },
  facts: { category: "operations", risk: "medium", target: "standalone/agent-service" },
  votes: [{ by: "user:bob@acme.example", reason: "load grows", at: soon(-2) }],
  votes_needed: 2,
  may_decide: ["sre"],
  said_by_requester: {},
  expires_at: soon(600),
};

function WithKeys() {
  useCommandKeys();
  return <Page />;
}

function opened({ items = [REFUND, SCALE], roles = ["admin"], path = "/approvals", answers = {} }: { items?: object[]; roles?: string[]; path?: string; answers?: object } = {}) {
  return renderPage(<WithKeys />, {
    route: "/approvals",
    path,
    person: { roles },
    answers: {
      "GET /api/v1/approvals": { items },
      "GET /api/v1/approvals/ap-1": REFUND,
      "GET /api/v1/approvals/ap-2": SCALE,
      "POST /api/v1/approvals/ap-1/claim": REFUND,
      "POST /api/v1/approvals/ap-1/release": REFUND,
      "POST /api/v1/approvals/ap-1/decide": { ...REFUND, status: "approved", decided_by: "user:somebody@acme.example" },
      ...answers,
    },
  });
}
const decided = (page: ReturnType<typeof opened>) => page.asked.filter(({ path }) => path.endsWith("/decide"));

it("shows raw arguments and the computed effect side by side, why it is asked, and hostile text as text", async () => {
  const page = opened();
  const article = await screen.findByRole("article", { name: "Refund" });
  expect(article.textContent).toContain('"order_id": "A-1007"');
  expect(within(article).getByText("Refunds 25.00 EUR of order A-1007")).toBeDefined();
  expect(within(article).getByText("A refund needs one approver.")).toBeDefined();
  expect(within(article).getByText(/Expires in [45] min/)).toBeDefined();
  expect(article.textContent).toContain("<img src=x onerror=alert(1)>");
  expect(page.container.querySelector("img")).toBeNull();
  await expectNoViolations(page.container);
});

it("is worked by keys alone: j to the next, k back, a and Enter to approve, and goes on with the next", async () => {
  const page = opened();
  await screen.findByRole("article", { name: "Refund" });
  await userEvent.keyboard("j");
  expect(await screen.findByRole("article", { name: "Scale deployment" })).toBeDefined();
  await userEvent.keyboard("k");
  await screen.findByRole("article", { name: "Refund" });
  await userEvent.keyboard("a");
  expect(document.activeElement?.textContent).toBe("Confirm approval");
  page.answer("GET /api/v1/approvals", { items: [SCALE] });
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(decided(page).map(({ body }) => body)).toEqual([{ decision: "approve" }]));
  expect(await screen.findByRole("article", { name: "Scale deployment" })).toBeDefined();
  expect(screen.queryByRole("listitem", { name: "Refund" })).toBeNull();
});

it("leaves whoever went to another page meanwhile there, and tells what was decided", async () => {
  let settle: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  const page = opened({
    answers: {
      "POST /api/v1/approvals/ap-1/decide": () => settled.then(() => jsonAnswer(200, { ...REFUND, status: "approved" })),
    },
  });
  await screen.findByRole("article", { name: "Refund" });
  await userEvent.keyboard("a{Enter}");
  await waitFor(() => expect(decided(page)).toHaveLength(1));
  page.go("/elsewhere");
  await screen.findByText("another page");
  settle();
  expect(await screen.findByText("Refund approved")).toBeDefined();
  expect(page.location()).toBe("/elsewhere");
});

it("does not give the claim back before a decision that is under way when one goes to another page", async () => {
  let read: () => void = () => undefined;
  const page = opened();
  await screen.findByRole("article", { name: "Refund" });
  await userEvent.keyboard("a");
  const waits = new Promise<void>((resolve) => (read = resolve));
  page.answer("GET /api/v1/approvals/ap-1", () => waits.then(() => jsonAnswer(200, REFUND)));
  await userEvent.keyboard("{Enter}");
  page.go("/elsewhere");
  await screen.findByText("another page");
  read();
  expect(await screen.findByText("Refund approved")).toBeDefined();
  expect(page.asked.some(({ path }) => path.endsWith("/release"))).toBe(false);
});

it("tells whoever went to another page that nothing was decided, and gives the claim back", async () => {
  let settle: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  const page = opened({
    answers: {
      "POST /api/v1/approvals/ap-1/decide": () => settled.then(() => jsonAnswer(503, { title: "Service Unavailable", status: 503, detail: "approval-service does not answer" })),
    },
  });
  await screen.findByRole("article", { name: "Refund" });
  await userEvent.keyboard("a{Enter}");
  await waitFor(() => expect(decided(page)).toHaveLength(1));
  page.go("/elsewhere");
  await screen.findByText("another page");
  settle();
  expect(await screen.findByText("Refund was not decided")).toBeDefined();
  await waitFor(() => expect(page.asked.filter(({ path }) => path.endsWith("/release"))).toHaveLength(1));
});

it("tells the others that somebody is at it, and gives it back when the choice is left", async () => {
  const page = opened();
  await userEvent.click(await screen.findByRole("button", { name: "Reject" }));
  await waitFor(() => expect(page.asked.some(({ path }) => path === "/api/v1/approvals/ap-1/claim")).toBe(true));
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(page.asked.some(({ path }) => path === "/api/v1/approvals/ap-1/release")).toBe(true));
  expect(decided(page)).toEqual([]);
});

it("does not reject without a reason", async () => {
  const page = opened();
  await screen.findByRole("article", { name: "Refund" });
  await userEvent.keyboard("r");
  await userEvent.type(screen.getByLabelText("Reason"), "  ");
  await userEvent.click(screen.getByRole("button", { name: "Confirm rejection" }));
  expect(decided(page)).toEqual([]);
  await userEvent.type(screen.getByLabelText("Reason"), "wrong order");
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(decided(page).map(({ body }) => body)).toEqual([{ decision: "reject", reason: "wrong order" }]));
});

it("shows what an edit would do before it is sent, and sends only what was changed", async () => {
  const outlook = { possible: true, effect: { summary: "Refunds 20.00 EUR of order A-1007", details: {} }, guardrails: [] };
  const page = opened({ answers: { "POST /api/v1/actions/dry_run": outlook } });
  await screen.findByRole("article", { name: "Refund" });
  await userEvent.keyboard("e");
  const amount = await screen.findByLabelText("Amount (EUR)");
  await userEvent.clear(amount);
  await userEvent.type(amount, "20.00");
  await userEvent.click(screen.getByRole("button", { name: "Show the effect" }));
  expect(await screen.findByText("Refunds 20.00 EUR of order A-1007")).toBeDefined();
  expect(page.asked.filter(({ path }) => path === "/api/v1/actions/dry_run").map(({ body }) => body)).toEqual([
    { action_id: "ac-1", arguments: { amount: "20.00" } },
  ]);
  await userEvent.type(screen.getByLabelText("Reason for the edit"), "one lamp is whole");
  await userEvent.click(screen.getByRole("button", { name: "Send the edit" }));
  await waitFor(() =>
    expect(decided(page).map(({ body }) => body)).toEqual([
      { decision: "edit", reason: "one lamp is whole", arguments: { amount: "20.00" } },
    ]),
  );
});

it("says above all that the customer has written since it was asked", async () => {
  opened({ answers: { "GET /api/v1/approvals/ap-1": { ...REFUND, ticket_changed_at: soon(-1) } } });
  expect((await screen.findByText(/The customer has written since this was asked/)).textContent).toContain("read the ticket before you decide");
});

it("says beside the field what is wrong with an edit", async () => {
  const refused = () =>
    jsonAnswer(422, { detail: "arguments.amount is more than the 25.00", errors: [{ field: "arguments.amount", message: "is more than the 25.00 that can still be refunded" }] });
  opened({ answers: { "POST /api/v1/approvals/ap-1/decide": refused } });
  await screen.findByRole("article", { name: "Refund" });
  await userEvent.keyboard("e");
  await userEvent.type(await screen.findByLabelText("Amount (EUR)"), "0");
  await userEvent.type(screen.getByLabelText("Reason for the edit"), "more");
  await userEvent.click(screen.getByRole("button", { name: "Send the edit" }));
  expect(await screen.findByText("is more than the 25.00 that can still be refunded")).toBeDefined();
});

it("shows who has voted, and offers no second vote to who has", async () => {
  opened({ path: "/approvals?id=ap-2", items: [SCALE], answers: { "GET /api/v1/approvals/ap-2": { ...SCALE, votes: [{ by: "user:somebody@acme.example", at: soon(-1) }] } } });
  expect((await screen.findAllByText("1 of 2 approved")).length).toBeGreaterThan(0);
  expect(await screen.findByText("You have approved it. One more person must.")).toBeDefined();
  expect(screen.queryByRole("button", { name: "Approve" })).toBeNull();
  expect(screen.getByRole("button", { name: "Reject" })).toBeDefined();
});

it("lets nobody approve what they asked for", async () => {
  const own = { ...REFUND, requester: "user:somebody@acme.example", barred: ["user:somebody@acme.example"] };
  opened({ items: [own], answers: { "GET /api/v1/approvals/ap-1": own } });
  expect(await screen.findByText(/somebody else must approve it/)).toBeDefined();
  expect(screen.queryByRole("button", { name: "Approve" })).toBeNull();
});

it.each([
  ["viewer", /you can read along/],
  ["sre", /This one is decided by: approver/],
])("offers no decision to a %s", async (role, because) => {
  opened({ items: [REFUND], roles: [role] });
  expect(await screen.findByText(because)).toBeDefined();
  expect(screen.queryByRole("button", { name: /Approve|Reject|Edit|Answer/ })).toBeNull();
  await userEvent.keyboard("a");
  expect(screen.queryByRole("button", { name: "Confirm approval" })).toBeNull();
});

it("tells by whom it was decided while one was reading it, and keeps it there", async () => {
  const page = opened();
  await screen.findByRole("article", { name: "Refund" });
  await page.goLive();
  page.answer("GET /api/v1/approvals", { items: [SCALE] });
  page.answer("GET /api/v1/approvals/ap-1", { ...REFUND, status: "rejected", decision: "reject", decided_by: "user:bob@acme.example", reason: "a fraud", decided_at: soon(0) });
  const seen = page.asked.length;
  await page.say("approvals", "approval_decided", "ap-1", { status: "rejected", decided_by: "user:bob@acme.example" });
  await vi.waitFor(() => expect(page.asked.length).toBeGreaterThan(seen));
  expect(await screen.findByText("Rejected by bob@acme.example", { selector: ".font-medium" })).toBeDefined();
  expect(screen.getByText("a fraud")).toBeDefined();
  expect(screen.queryByRole("button", { name: "Approve" })).toBeNull();
});

it("says so when nothing waits, when it is loading and when it cannot be read, with a way to try again", async () => {
  const page = opened({ items: [] });
  expect(await screen.findByRole("status", { name: "Loading" })).toBeDefined();
  expect(await screen.findByText("Nothing waits for a decision.")).toBeDefined();
  await expectNoViolations(page.container);
  page.unmount();
  const down = opened({ answers: { "GET /api/v1/approvals": () => jsonAnswer(503, { detail: "approval-service did not answer" }) } });
  expect(await screen.findByText("approval-service did not answer")).toBeDefined();
  down.answer("GET /api/v1/approvals", { items: [REFUND] });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("article", { name: "Refund" })).toBeDefined();
});

it("reads a queue of several pages whole: what expires first stands first wherever it was, all are counted, and what comes joins them", async () => {
  const later = Array.from({ length: 200 }, (_, index) => refund(index + 1, { expires_at: soon(600 + index) }));
  const first = refund(999, { action_type: "password_reset", expires_at: soon(2) });
  const page = opened({
    answers: {
      "GET /api/v1/approvals?status=pending&limit=200": { items: later, next_cursor: "c/2" },
      "GET /api/v1/approvals?status=pending&limit=200&cursor=c%2F2": { items: [first], next_cursor: null },
      "GET /api/v1/approvals/re-999": first,
    },
  });
  expect(await screen.findByRole("article", { name: "Password reset" })).toBeDefined();
  const rows = () => within(screen.getByRole("list", { name: "Pending approvals" })).getAllByRole("listitem");
  expect(rows()[0]?.getAttribute("aria-label")).toBe("Password reset");
  expect(screen.getByRole("tab", { name: /Queue/ }).textContent).toContain("201");
  expect(rows()).toHaveLength(100);
  expect(screen.getByText("100 of 201, what expires first")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Show more" }));
  expect(rows()).toHaveLength(200);
  page.answer("GET /api/v1/approvals?status=pending&limit=200&cursor=c%2F2", { items: [first, refund(1_000, { expires_at: soon(3) })], next_cursor: null });
  fireEvent.pointerLeave(screen.getByRole("list", { name: "Pending approvals" }).parentElement as HTMLElement);
  await act(async () => page.refresh());
  await waitFor(() => expect(screen.getByRole("tab", { name: /Queue/ }).textContent).toContain("202"));
  expect(within(rows()[1] as HTMLElement).getByText("Refunds 1000.00 EUR")).toBeDefined();
});

const refund = (number: number, more: object = {}) => ({ ...REFUND, approval_id: `re-${number}`, action_id: `ra-${number}`, effect: { summary: `Refunds ${number}.00 EUR` }, arguments_hash: `h-${number}`, ...more });
const tagged = (body: object) => () => new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json", ETag: '"7"' } });

it("decides several together by keys alone, each as it was seen, and names those that were not", async () => {
  const items = [refund(1), refund(2), refund(3)];
  const page = opened({
    items,
    answers: {
      "GET /api/v1/approvals/re-1": tagged(refund(1)),
      "GET /api/v1/approvals/re-2": tagged(refund(2, { arguments_hash: "another" })),
      "GET /api/v1/approvals/re-3": tagged(refund(3)),
      "POST /api/v1/approvals/re-1/decide": { ...refund(1), status: "approved" },
      "POST /api/v1/approvals/re-3/decide": () => jsonAnswer(412, { detail: "stale" }),
    },
  });
  await screen.findByRole("article", { name: "Refund" });
  await userEvent.keyboard("x");
  expect(within(screen.getByRole("toolbar", { name: "Chosen requests" })).getByRole("status").textContent).toBe("1 chosen");
  await userEvent.keyboard("xX");
  expect(within(screen.getByRole("toolbar", { name: "Chosen requests" })).getByRole("status").textContent).toBe("3 chosen");
  await expectNoViolations(page.container);
  await userEvent.keyboard("A");
  const dialog = await screen.findByRole("dialog", { name: "Approve 3 requests" });
  expect(within(dialog).getByText(/Refunds 2.00 EUR/)).toBeDefined();
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(await within(dialog).findByText("Say why: it stands with each of them.")).toBeDefined();
  expect(decided(page)).toEqual([]);
  await expectNoViolations(document.body);
  await userEvent.keyboard("photos show it{Control>}{Enter}{/Control}");
  expect(await within(dialog).findByText("1 of 3 approved, 2 not")).toBeDefined();
  const failed = within(dialog).getByRole("list", { name: "Not approved" });
  expect(within(failed).getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/Refunds 2.00 EUR.*It was changed since you saw it/),
    expect.stringMatching(/Refunds 3.00 EUR.*It was changed since you saw it/),
  ]);
  expect(decided(page).map(({ path, body }) => [path, body])).toEqual([
    ["/api/v1/approvals/re-1/decide", { decision: "approve", reason: "photos show it" }],
    ["/api/v1/approvals/re-3/decide", { decision: "approve", reason: "photos show it" }],
  ]);
  await userEvent.click(within(dialog).getByRole("button", { name: "Done" }));
  expect(within(screen.getByRole("toolbar", { name: "Chosen requests" })).getByRole("status").textContent).toBe("2 chosen");
});

it("approves nothing together that two people, an edit or one's own request stand against, and rejects it all the same", async () => {
  const items = [
    refund(1, { votes_needed: 2 }),
    refund(2, { version: 2 }),
    refund(3, { facts: { ...REFUND.facts, break_glass: "fire" } }),
    refund(4, { barred: ["user:somebody@acme.example"] }),
    refund(5, { ticket_changed_at: soon(-1) }),
  ];
  const page = opened({ items, answers: Object.fromEntries(items.map((item) => [`GET /api/v1/approvals/${item.approval_id}`, tagged(item)])) });
  await screen.findByRole("article", { name: "Refund" });
  await userEvent.keyboard("XA");
  const dialog = await screen.findByRole("dialog", { name: "Approve 0 requests" });
  const out = within(dialog).getByRole("region", { name: "Left out" });
  expect(within(out).getAllByRole("listitem")).toHaveLength(5);
  expect(out.textContent).toMatch(/more than one person.*edited.*breaks glass.*somebody else must approve.*customer has written/s);
  expect((within(dialog).getByRole("button", { name: "Approve 0" }) as HTMLButtonElement).disabled).toBe(true);
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await userEvent.click(screen.getByRole("button", { name: "Reject…" }));
  await userEvent.type(await screen.findByLabelText("Reason"), "all wrong");
  await userEvent.click(screen.getByRole("button", { name: "Reject 5" }));
  expect(await screen.findByText("5 of 5 rejected")).toBeDefined();
  expect(decided(page)).toHaveLength(5);
});

it("does not decide what has become another one since it was seen, and shows that", async () => {
  const page = opened();
  const article = await screen.findByRole("article", { name: "Refund" });
  await userEvent.keyboard("a");
  page.answer("GET /api/v1/approvals/ap-1", { ...REFUND, ticket_changed_at: soon(-1) });
  await userEvent.keyboard("{Enter}");
  expect((await within(article).findByRole("alert")).textContent).toContain("It was changed since you saw it");
  expect(await within(article).findByText(/The customer has written since this was asked/)).toBeDefined();
  expect(decided(page)).toEqual([]);
});

it("offers nobody to choose who may not decide", async () => {
  opened({ roles: ["viewer"] });
  await screen.findByRole("article", { name: "Refund" });
  expect(screen.queryByRole("checkbox")).toBeNull();
});

it("keeps the history's filters in the address and asks the server by them", async () => {
  const page = opened({ path: "/approvals?tab=history&status=rejected&decided_by=user%3Abob", items: [{ ...REFUND, status: "rejected", decided_by: "user:bob" }] });
  expect(await screen.findByRole("row", { name: /Refunds 25.00 EUR/ })).toBeDefined();
  expect(page.asked.some(({ path }) => path === "/api/v1/approvals?status=rejected&decided_by=user%3Abob")).toBe(true);
  await expectNoViolations(page.container);
  await userEvent.click(screen.getByRole("button", { name: "Remove the filter Outcome Rejected" }));
  await waitFor(() => expect(page.location()).not.toContain("status="));
  await userEvent.click(screen.getByRole("button", { name: "Filter" }));
  fireEvent.change(screen.getByLabelText("Action type"), { target: { value: "refund" } });
  await userEvent.click(screen.getByRole("button", { name: "Show" }));
  await waitFor(() => expect(page.location()).toContain("type=refund"));
  expect(page.asked.some(({ path }) => path.includes("action_type=refund"))).toBe(true);
  await act(async () => undefined);
});

it("shows rates with their units, and a dash for what nobody has decided", async () => {
  const figures = { total: 10, by_status: { expired: 1 }, by_policy: 4, by_people: 5, approval_rate: 0.8, median_seconds: 214, p95_seconds: 5_400 };
  const stats = { all: figures, by_action_type: [{ ...figures, action_type: "refund" }, { action_type: "restart_deployment", total: 1, by_status: {}, by_policy: 1, by_people: 0 }] };
  const page = opened({ path: "/approvals?tab=rates", answers: { "GET /api/v1/approvals/stats": stats } });
  expect((await screen.findAllByText("80 %")).length).toBe(2);
  expect(screen.getByRole("row", { name: /Restart deployment.*–/ })).toBeDefined();
  await expectNoViolations(page.container);
});
