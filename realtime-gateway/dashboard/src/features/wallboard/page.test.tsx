import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { jsonAnswer } from "../../testing/answers";
import { expectNoViolations } from "../../testing/axe";
import { renderPage } from "../../testing/frame";
import { statsAnswer } from "../../testing/stats";
import { Page as Wallboard } from "./page";

const ANSWERS = {
  "GET /api/v1/dashboard/stats": statsAnswer(),
  "GET /api/v1/approvals/waiting": {
    count: 1_612,
    expiring_soon: 214,
    items: [
      { approval_id: "ap-1", action_type: "restart_deployment", effect: { summary: "Restarts payment-api." }, created_at: "2026-11-26T10:00:00Z" },
      { approval_id: "ap-2", action_type: "refund", effect: { summary: "Refunds 25.00 EUR." }, created_at: "2026-11-26T11:00:00Z" },
    ],
  },
  "GET /api/v1/ai/employees": { items: [{ name: "luna", display_name: "Luna", status: "active", today: { runs: 12 } }] },
  "GET /api/v1/ai/activities": { items: [{ activity_id: "a", ai_employee: "luna", description: "Answered", timestamp: "2026-11-26T10:00:00Z" }] },
  "GET /api/v1/health": { status: "healthy", feed: "up", services: [{ name: "agent-service", status: "up", instances: 2, ready: 2 }] },
};
const open = (path = "/wallboard", answers: Record<string, unknown> = {}) =>
  renderPage(<Wallboard />, { route: "/wallboard", path, answers: { ...ANSWERS, ...answers } });
const heading = (name: string) => screen.findByRole("heading", { level: 1, name });

afterEach(() => vi.useRealTimers());

describe("the wallboard", () => {
  it("shows where the tickets stand in large figures", async () => {
    const page = open();
    expect(await screen.findByText("1,234")).toBeDefined();
    expect(screen.getByText("5 wait for approval")).toBeDefined();
    await expectNoViolations(page.container);
  });

  it.each([
    ["approvals", "Approvals", /^Restart deployment/],
    ["employees", "AI employees", /^Luna/],
    ["services", "Services", /^OpsRelay/],
  ])("shows %s", async (name, title, first) => {
    const page = open(`/wallboard?page=${name}`);
    await heading(title);
    await waitFor(() => expect(within(screen.getByRole("region", { name: title })).getAllByRole("listitem")[0]?.textContent).toMatch(first));
    await expectNoViolations(page.container);
  });

  it("tells true figures of a queue that is longer than what it shows", async () => {
    open("/wallboard?page=approvals");
    expect(await screen.findByText("1,612")).toBeDefined();
    expect(screen.getByText("214")).toBeDefined();
    expect(screen.getByText("and 1,610 others")).toBeDefined();
    expect(document.body.textContent).not.toMatch(/\d\+/);
  });

  it.each(["numbers", "approvals", "employees", "services"])("says how old the numbers of %s are", async (name) => {
    open(`/wallboard?page=${name}`);
    expect(await screen.findByText((_, element) => element?.tagName === "P" && /^Read (now|.+ ago)$/.test(element.textContent ?? ""))).toBeDefined();
  });

  it("has nothing on it that decides or changes anything", async () => {
    open("/wallboard?page=approvals");
    await screen.findByText("Refunds 25.00 EUR.");
    expect(within(screen.getByRole("region", { name: "Approvals" })).queryAllByRole("button")).toEqual([]);
  });

  it("goes from board to board by the arrows and numbers, and pauses by a key", async () => {
    const page = open();
    await heading("Tickets");
    await userEvent.keyboard("{ArrowLeft}");
    await heading("Services");
    await userEvent.keyboard("{ArrowRight}");
    await heading("Tickets");
    await userEvent.keyboard("3");
    await heading("AI employees");
    expect(page.location()).toBe("/wallboard?page=employees");
    await userEvent.keyboard("p");
    expect(screen.getByRole("button", { name: "Go on" })).toBeDefined();
  });

  it("shows one board after the other, and stays where it is while paused", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    open("/wallboard?every=60");
    await heading("Tickets");
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    await heading("Approvals");
    await act(async () => screen.getByRole("button", { name: "Pause" }).click());
    await act(() => vi.advanceTimersByTimeAsync(180_000));
    await heading("Approvals");
  });

  it("keeps the screen awake where the browser can, and lets go of it at the end", async () => {
    const release = vi.fn(() => Promise.resolve());
    const request = vi.fn(() => Promise.resolve({ released: false, release, addEventListener: () => undefined }));
    vi.stubGlobal("navigator", Object.create(navigator, { wakeLock: { value: { request } } }));
    const page = open();
    expect(await screen.findByText(/screen stays on/)).toBeDefined();
    page.unmount();
    expect(release).toHaveBeenCalledOnce();
  });

  it("keeps what was read last, and says why it grows older", async () => {
    const page = open("/wallboard?page=approvals");
    await screen.findByText("Refunds 25.00 EUR.");
    await page.goLive();
    page.answer("GET /api/v1/approvals/waiting", () => jsonAnswer(503, { detail: "approval-service does not answer." }));
    await page.say("approvals", "approval_requested", "ap-3");
    expect(await screen.findByText(/approval-service does not answer/)).toBeDefined();
    expect(screen.getByText("Refunds 25.00 EUR.")).toBeDefined();
  });

  it("reads again by itself what could not be read: nobody stands before it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"], shouldAdvanceTime: true });
    const page = open("/wallboard?page=approvals&every=600", {
      "GET /api/v1/approvals/waiting": () => jsonAnswer(503, { detail: "approval-service does not answer." }),
    });
    await page.goLive();
    expect(await screen.findByText("approval-service does not answer.")).toBeDefined();
    page.answer("GET /api/v1/approvals/waiting", ANSWERS["GET /api/v1/approvals/waiting"]);
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(await screen.findByText("Refunds 25.00 EUR.")).toBeDefined();
  });

  it("is glad of an empty queue", async () => {
    open("/wallboard?page=approvals", { "GET /api/v1/approvals/waiting": { count: 0, expiring_soon: 0, items: [] } });
    expect(await screen.findByText("Nothing waits for a decision")).toBeDefined();
  });
});
