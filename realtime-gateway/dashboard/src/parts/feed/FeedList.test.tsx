import { act, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import type { FeedEvent } from "realtime-client";
import { FeedList } from "./FeedList";
import { FeedStore } from "./store";

const CHANNELS = ["tickets", "approvals", "actions"];

const event = (offset: number, overrides: Partial<FeedEvent> = {}): FeedEvent => ({
  kind: "event",
  type: "ticket_classified",
  channel: "tickets",
  position: { epoch: "k3f", offset },
  prev: null,
  time: "2026-11-20T10:00:00.123Z",
  key: `0199f3a2-0000-7000-8000-00000000000${offset}`,
  snapshot: false,
  data: { status: "analyzing", category: "refund_request" },
  ...overrides,
});

let store: FeedStore;

function show() {
  store = new FeedStore((task) => task());
  render(<FeedList store={store} channels={CHANNELS} connecting={false} emptyHint={<p>Post one</p>} status="ok" />);
}

const push = (...events: FeedEvent[]) => act(() => events.forEach((each) => store.push(each)));
const rows = () => within(screen.getByRole("list", { name: /^Events/ })).getAllByRole("listitem");

beforeEach(() => window.history.replaceState(null, "", "/"));

describe("the live list", () => {
  it("tells what to do while it is empty", () => {
    show();
    expect(screen.getByText("Post one")).toBeDefined();
  });

  it("shows each event in words, newest first, with its facts", () => {
    show();
    push(event(1), event(2, { type: "action_succeeded", channel: "actions", data: { amount: "25.00", currency: "EUR" } }));
    expect(rows()).toHaveLength(2);
    expect(rows()[0]?.textContent).toContain("Action succeeded");
    expect(rows()[0]?.textContent).toContain("25.00 EUR");
    expect(rows()[1]?.textContent).toContain("Ticket classified");
    expect(rows()[1]?.textContent).toContain("Refund request");
  });

  it("filters by channel and keeps the filter in the address", async () => {
    show();
    push(event(1), event(2, { type: "approval_requested", channel: "approvals" }));
    await userEvent.click(screen.getByRole("button", { name: "Approvals" }));
    expect(rows()).toHaveLength(1);
    expect(rows()[0]?.textContent).toContain("Approval requested");
    expect(window.location.search).toBe("?channel=approvals");
    await userEvent.click(screen.getByRole("button", { name: "All" }));
    expect(rows()).toHaveLength(2);
    expect(window.location.search).toBe("");
  });

  it("ignores a filter that names no channel", () => {
    window.history.replaceState(null, "", "/?channel=%3Cscript%3E");
    show();
    push(event(1));
    expect(rows()).toHaveLength(1);
  });

  it("stands still while paused and says how much is new", async () => {
    show();
    push(event(1));
    await userEvent.click(screen.getByRole("button", { name: "Pause" }));
    push(event(2), event(3));
    expect(rows()).toHaveLength(1);
    await userEvent.click(screen.getByRole("button", { name: "Resume · 2 new" }));
    expect(rows()).toHaveLength(3);
  });

  it("opens the details of an event and closes them with Escape", async () => {
    show();
    push(event(1));
    await userEvent.click(screen.getByRole("button", { name: /^Ticket classified/ }));
    const details = screen.getByRole("complementary", { name: "Event details" });
    expect(within(details).getByLabelText("Raw JSON").textContent).toContain('"category": "refund_request"');
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("complementary")).toBeNull();
  });

  it("is one stop of the Tab key, and is walked with the arrows", async () => {
    show();
    push(event(1), event(2, { type: "ticket_resolved" }), event(3, { type: "ticket_failed" }));
    screen.getByRole("button", { name: /^Ticket failed/ }).focus();
    await userEvent.keyboard("{ArrowDown}");
    expect(document.activeElement?.getAttribute("aria-label")).toMatch(/^Ticket resolved/);
    await userEvent.keyboard("{End}");
    expect(document.activeElement?.getAttribute("aria-label")).toMatch(/^Ticket classified/);
    expect(rows().filter((row) => row.querySelector('button[tabindex="0"]') !== null)).toHaveLength(1);
  });

  it("puts as many rows into the page as are looked at, and reaches the others by scrolling and by keys", async () => {
    show();
    push(...Array.from({ length: 300 }, (_, i) => event(i + 1, { type: i === 0 ? "ticket_failed" : "ticket_resolved" })));
    expect(rows()).toHaveLength(24);
    const list = screen.getByRole("list", { name: /^Events/ });
    list.scrollTop = 1_000;
    fireEvent.scroll(list);
    expect(rows()).toHaveLength(124);
    list.scrollTop = 0;
    fireEvent.scroll(list);
    expect(rows()).toHaveLength(24);
    rows()[0]?.querySelector<HTMLElement>("[data-row]")?.focus();
    await userEvent.keyboard("{End}");
    expect(document.activeElement?.getAttribute("aria-label")).toMatch(/^Ticket failed/);
  });

  it("copies the whole id", async () => {
    const user = userEvent.setup();
    show();
    push(event(1));
    await user.click(screen.getByRole("button", { name: /^Copy ticket id/ }));
    expect(await navigator.clipboard.readText()).toBe("0199f3a2-0000-7000-8000-000000000001");
    expect(screen.getByText("Copied")).toBeDefined();
  });

  it("shows hostile text as text", async () => {
    show();
    const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    push(event(1, { type: hostile, data: { summary: hostile, status: hostile, ticket_id: hostile } }));
    await userEvent.click(rows()[0]?.querySelector<HTMLElement>("[data-row]") ?? document.body);
    expect(screen.getByLabelText("Raw JSON").textContent).toContain("<script>");
    expect(document.querySelector("img, script")).toBeNull();
  });
});
