import { act, render, screen, within } from "@testing-library/react";
import { createMemoryHistory } from "@tanstack/react-router";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SocketHandlers } from "realtime-client";
import { jsonAnswer } from "../testing/answers";
import { expectNoViolations } from "../testing/axe";
import { App } from "./App";
import { createConsole } from "./console";
import { SessionStore } from "./session/session";

const APPROVAL = {
  approval_id: "ap-1",
  ticket_id: "t-1",
  action_type: "refund",
  arguments: { order_id: "A-1007", amount: "25.00" },
  effect: "Refunds 25.00 EUR of 25.00 EUR.",
  status: "pending",
};

let socket: SocketHandlers;
let sockets: number;
let sent: string[];
let approvals: object[];
let posted: { path: string; body: unknown }[];
let decideStatus: number;
let health: object;
let killSwitch: object;
let asked: string[];

/** Answers as the gateway does. */
const gateway: typeof fetch = (input, init) => {
  const path = String(input);
  asked.push(path);
  if (init?.method === "POST") {
    posted.push({ path, body: JSON.parse(String(init.body)) });
  }
  if (path === "/api/v1/auth/token") {
    return Promise.resolve(jsonAnswer(200, { access_token: "jwt", expires_in: 3_600 }));
  }
  if (path === "/api/v1/auth/refresh") {
    return Promise.resolve(jsonAnswer(401, {}));
  }
  if (path === "/api/v1/kill_switch") {
    return Promise.resolve(jsonAnswer(200, killSwitch));
  }
  if (path === "/api/v1/health") {
    return Promise.resolve(jsonAnswer(200, health));
  }
  if (path.startsWith("/api/v1/approvals?status=pending")) {
    return Promise.resolve(jsonAnswer(200, { items: approvals }, { "Feed-Position": "k3f:100" }));
  }
  if (path === "/api/v1/approvals/ap-1") {
    return Promise.resolve(jsonAnswer(200, APPROVAL));
  }
  if (path.endsWith("/decide")) {
    return Promise.resolve(jsonAnswer(decideStatus, { detail: "Somebody has already decided." }));
  }
  if (path === "/api/v1/tickets") {
    return Promise.resolve(jsonAnswer(202, { ticket_id: "t-9", status: "received" }));
  }
  return Promise.resolve(jsonAnswer(200, { items: [] }, { "Feed-Position": "k3f:100" }));
};

beforeEach(() => {
  sent = [];
  sockets = 0;
  posted = [];
  approvals = [];
  decideStatus = 200;
  health = { status: "healthy", feed: "up", services: [] };
  killSwitch = {};
  asked = [];
  vi.stubGlobal("fetch", gateway);
});

async function signedInAs(role: string, path = "/") {
  const sessions = new SessionStore();
  const connect = (store: SessionStore) =>
    createConsole(store, "ws://gateway/api/v1/stream", (_, handlers) => {
      socket = handlers;
      sockets++;
      return { send: (text) => sent.push(text), close: () => undefined };
    });
  render(<App sessions={sessions} connect={connect} history={createMemoryHistory({ initialEntries: [path] })} />);
  await userEvent.type(screen.getByLabelText("E-mail"), "somebody@acme.example");
  await userEvent.type(screen.getByLabelText("Password"), "demo{Enter}");
  await screen.findByRole("heading", { level: 1 }, { timeout: 5_000 });
  await vi.waitFor(() => expect(sockets).toBe(1));
  const data = { client_id: "acme", user: "somebody@acme.example", roles: [role], heartbeat_seconds: 30 };
  await act(async () => {
    socket.opened();
    socket.message(JSON.stringify({ type: "auth_success", data }));
  });
  // The frame's; a page may listen to more.
  const listensTo = (channel: string) => sent.some((frame) => frame.includes('"subscribe"') && frame.includes(`"${channel}"`));
  await vi.waitFor(() => expect(["tickets", "approvals", "actions"].filter(listensTo)).toHaveLength(3));
  await act(async () => {
    for (const frame of sent.map((text) => JSON.parse(text)).filter(({ type }) => type === "subscribe")) {
      const subscribed = { channel: frame.data.channel, epoch: "k3f", offset: 100, recovered: true };
      socket.message(JSON.stringify({ type: "subscribed", id: frame.id, data: subscribed }));
    }
  });
  return sessions;
}

const receive = (frame: object) => act(async () => socket.message(JSON.stringify(frame)));
const approvalFrame = (offset: number) => ({
  type: "approval_requested",
  channel: "approvals",
  epoch: "k3f",
  offset,
  prev: offset - 1,
  data: { approval_id: "ap-1", status: "pending" },
});

describe("the dashboard", () => {
  it("shows who is signed in, that it is live, and events as they come", async () => {
    await signedInAs("viewer");
    expect(screen.getByText("Live")).toBeDefined();
    expect(screen.getByText("acme")).toBeDefined();
    await receive({ type: "ticket_received", channel: "tickets", epoch: "k3f", offset: 101, prev: 100, key: "t-1", data: {} });
    expect(await screen.findByRole("button", { name: /^Ticket received/ })).toBeDefined();
  });

  it("does not say that it is live where nothing can come: the feed's standstill has its time, and views are polled", async () => {
    const at = new Date(2026, 10, 20, 12, 3, 30);
    health = { status: "degraded", feed: "down", feed_read_at: at.toISOString(), services: [] };
    await signedInAs("viewer", "/tickets");
    expect((await screen.findAllByText(/the feed stands still since 12:03/i)).length).toBeGreaterThan(0);
    expect(screen.getByText("Live", { exact: false, selector: "[role=status]" }).textContent).toBe("Live, but the feed stands still since 12:03");
    expect(screen.getByText(/Events do not reach the dashboards/)).toBeDefined();
    const approvalsRead = () => asked.filter((path) => path.startsWith("/api/v1/approvals?status=pending")).length;
    const before = approvalsRead();
    await vi.waitFor(() => expect(approvalsRead()).toBeGreaterThan(before), { timeout: 20_000 });
    health = { status: "healthy", feed: "up", services: [] };
    await vi.waitFor(() => expect(screen.queryByText(/stands still/)).toBeNull(), { timeout: 20_000 });
    expect(screen.getByText("Live")).toBeDefined();
  });

  it("tells of a new request wherever one is, leaves the focus alone, and leads there", async () => {
    await signedInAs("approver");
    const focused = document.activeElement;
    const told = within(screen.getByRole("list", { name: "Messages" }));
    const data = { approval_id: "ap-1", action_type: "refund", effect: "Refunds 25.00 EUR", status: "pending", may_decide: ["approver"], requester: "ai:luna" };
    await receive({ ...approvalFrame(101), key: "ap-1", data });
    await receive({ ...approvalFrame(102), key: "ap-1", data });
    expect(await told.findByText("Refund waits for a decision")).toBeDefined();
    expect(told.getAllByRole("listitem")).toHaveLength(1);
    expect(document.activeElement).toBe(focused);
    expect(screen.getByRole("list", { name: "Messages" }).getAttribute("aria-live")).toBe("polite");
    await receive({ ...approvalFrame(103), key: "ap-2", data: { ...data, may_decide: ["sre"] } });
    approvals = [APPROVAL];
    await userEvent.click(told.getByRole("button", { name: "Open" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Approvals" })).toBeDefined();
    expect(await screen.findByRole("article", { name: "Refund" })).toBeDefined();
    expect(told.queryAllByRole("listitem")).toHaveLength(0);
  });

  it("says on every page that all actions are stopped, and leads to where that is turned", async () => {
    killSwitch = { own: { on: true, by: "user:eve@acme.example", at: "2026-11-20T10:00:00Z", reason: "it went wild" } };
    await signedInAs("viewer", "/customers");
    const banner = (await screen.findByText("All actions are stopped")).parentElement;
    expect(banner?.textContent).toContain("by eve@acme.example");
    expect(banner?.textContent).toContain("it went wild");
    await userEvent.click(within(screen.getByRole("alert")).getByRole("link", { name: "Operations" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Operations" })).toBeDefined();
    expect(await screen.findAllByText("All actions are stopped")).toHaveLength(1);
  });

  it("shows what the agent did about an event's ticket", async () => {
    await signedInAs("viewer");
    await receive({ type: "ticket_received", channel: "tickets", epoch: "k3f", offset: 101, prev: 100, key: "t-1", data: {} });
    await userEvent.click(await screen.findByRole("button", { name: /^Ticket received/ }));
    const details = screen.getByRole("complementary", { name: "Event details" });
    expect(await within(details).findByText("The agent has not taken up this ticket.")).toBeDefined();
  });

  it("offers a viewer neither decisions nor a form", async () => {
    approvals = [APPROVAL];
    await signedInAs("viewer", "/approvals");
    expect(await screen.findByText(/you can read along/)).toBeDefined();
    expect(screen.queryByRole("button", { name: /Approve|Reject/ })).toBeNull();
    expect(screen.queryByRole("link", { name: "New ticket" })).toBeNull();
  });

  it("posts a ticket", async () => {
    await signedInAs("agent", "/tickets/new");
    await userEvent.type(await screen.findByLabelText("Subject"), "Broken lamp");
    await userEvent.type(screen.getByLabelText("Message"), "It came in pieces.");
    await userEvent.type(screen.getByLabelText("Customer's e-mail"), "mary.major@example.org");
    await userEvent.click(screen.getByRole("button", { name: "Create ticket" }));
    expect(await screen.findByText("Ticket accepted")).toBeDefined();
    expect(posted.at(-1)).toEqual({
      path: "/api/v1/tickets",
      body: {
        subject: "Broken lamp",
        body: "It came in pieces.",
        customer_email: "mary.major@example.org",
        channel: "api",
      },
    });
  });

  it("shows a new approval when its event arrives, with its arguments and effect, and approves it", async () => {
    await signedInAs("approver", "/approvals");
    expect(await screen.findByText("Nothing waits for a decision.")).toBeDefined();
    approvals = [APPROVAL];
    await receive(approvalFrame(101));
    expect((await screen.findByRole("listitem", { name: "Refund" })).textContent).toContain("Refunds 25.00 EUR of 25.00 EUR.");
    const open = await screen.findByRole("article", { name: "Refund" });
    expect(open.textContent).toContain('"order_id": "A-1007"');
    await userEvent.click(within(open).getByRole("button", { name: "Approve" }));
    approvals = [];
    await userEvent.click(within(open).getByRole("button", { name: "Confirm approval" }));
    await vi.waitFor(() =>
      expect(posted.at(-1)).toEqual({ path: "/api/v1/approvals/ap-1/decide", body: { decision: "approve" } }),
    );
    expect(await screen.findByText("Nothing waits for a decision.")).toBeDefined();
  });

  it("does not reject without a reason, and shows why a decision was not taken", async () => {
    approvals = [APPROVAL];
    decideStatus = 409;
    await signedInAs("sre", "/approvals");
    const card = await screen.findByRole("article", { name: "Refund" });
    await userEvent.click(within(card).getByRole("button", { name: "Reject" }));
    await userEvent.type(within(card).getByLabelText("Reason"), "   ");
    await userEvent.click(within(card).getByRole("button", { name: "Confirm rejection" }));
    expect(posted.some(({ path }) => path.endsWith("/decide"))).toBe(false);
    await userEvent.type(within(card).getByLabelText("Reason"), "wrong order");
    await userEvent.click(within(card).getByRole("button", { name: "Confirm rejection" }));
    await vi.waitFor(() => expect(posted.at(-1)?.body).toEqual({ decision: "reject", reason: "wrong order" }));
    expect((await within(card).findByRole("alert")).textContent).toBe("Somebody has already decided.");
  });

  it("falls back to the API when the stream is cut, and keeps what it shows", async () => {
    await signedInAs("viewer");
    await receive({ type: "ticket_received", channel: "tickets", epoch: "k3f", offset: 101, prev: 100, key: "t-1", data: {} });
    await screen.findByRole("button", { name: /^Ticket received/ });
    await act(async () => socket.closed(1006, ""));
    expect(await screen.findByText("API", {}, { timeout: 3_000 })).toBeDefined();
    expect(screen.getByRole("button", { name: /^Ticket received/ })).toBeDefined();
    expect(screen.getByRole("button", { name: "Connect now" })).toBeDefined();
  });

  it("asks for the password before the session ends, without losing the list", async () => {
    const sessions = await signedInAs("viewer");
    await receive({ type: "ticket_received", channel: "tickets", epoch: "k3f", offset: 101, prev: 100, key: "t-1", data: {} });
    await screen.findByRole("button", { name: /^Ticket received/ });
    act(() => sessions.ending());
    await userEvent.type(await screen.findByLabelText("Password"), "demo{Enter}");
    await vi.waitFor(() => expect(screen.queryByLabelText("Password")).toBeNull());
    expect(screen.getByRole("button", { name: /^Ticket received/ })).toBeDefined();
  });

  it("leaves nothing behind when signing out", async () => {
    const sessions = await signedInAs("admin");
    await userEvent.click(screen.getByRole("button", { name: "You" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Sign out" }));
    expect(screen.getByRole("button", { name: "Sign in" })).toBeDefined();
    expect(sessions.token()).toBeNull();
  });

  it("goes to a page by keys, tells its name and puts the focus at its beginning", async () => {
    await signedInAs("viewer");
    await screen.findByRole("heading", { name: "Home" });
    await userEvent.keyboard("ga");
    const heading = await screen.findByRole("heading", { level: 1, name: "Approvals" });
    await vi.waitFor(() => expect(document.activeElement).toBe(heading));
    expect(document.title).toBe("Approvals · OpsRelay");
  });

  it("finds a page in the palette", async () => {
    await signedInAs("viewer");
    await userEvent.keyboard("{Control>}k{/Control}");
    await userEvent.type(await screen.findByPlaceholderText(/^Type a command/), "customers{Enter}");
    expect(await screen.findByRole("heading", { level: 1, name: "Customers" })).toBeDefined();
  });

  it("shows its keys and lets them go with Escape", async () => {
    await signedInAs("viewer");
    await userEvent.keyboard("?");
    expect(await screen.findByRole("dialog", { name: "Keys" })).toBeDefined();
    await userEvent.keyboard("{Escape}");
    await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("has no serious fault that axe can find", async () => {
    approvals = [APPROVAL];
    await signedInAs("admin", "/approvals");
    await screen.findByRole("listitem", { name: "Refund" });
    await expectNoViolations(document.body);
  });
});
