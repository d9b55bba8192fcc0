import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiContext, createApi } from "../../lib/api";
import { jsonAnswer } from "../../testing/answers";
import { AgentWork } from "./AgentWork";

const HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

const RUN = {
  run_id: "r-1",
  ticket_id: "t-1",
  status: "resolved",
  engine: "small",
  category: "refund_policy_question",
  language: "en",
  steps: [
    { at: "2026-11-20T10:00:00.123Z", step: "redacted", detail: "email 1, phone 2" },
    { at: "2026-11-20T10:00:01.123Z", step: "searched", detail: `refunds ${HOSTILE}: 1 passages` },
  ],
  usage: { input_tokens: 1_200, output_tokens: 80, cost_micros: 608 },
  created_at: "2026-11-20T10:00:00Z",
};

const TRANSCRIPT = {
  run_id: "r-1",
  model: "small",
  messages: [
    { role: "system", text: "You work in the support of a company.", calls: [] },
    { role: "user", text: `<ticket 0af>\n[p1] Free money\n${HOSTILE}\n</ticket 0af>`, calls: [] },
    {
      role: "model",
      calls: [
        { id: "call-0-0", tool: "search_knowledge_base", arguments: '{"query":"refunds"}' },
        { id: "call-0-1", tool: "process_refund", arguments: "{{ no json" },
      ],
    },
    { role: "tool", tool: "search_knowledge_base", call_id: "call-0-0", text: "[p1] How refunds work\nTen days.", calls: [] },
    {
      role: "model",
      calls: [{ id: "call-1-0", tool: "reply_to_customer", arguments: '{"text":"Ten days.","passages":"p1"}' }],
    },
  ],
};

let runs: () => Response;
let transcript: () => Response;
let asked: string[];

beforeEach(() => {
  asked = [];
  runs = () => jsonAnswer(200, { items: [RUN] });
  transcript = () => jsonAnswer(200, TRANSCRIPT);
  const gateway: typeof fetch = (input) => {
    const path = String(input);
    asked.push(path);
    return Promise.resolve(path.endsWith("/transcript") ? transcript() : runs());
  };
  vi.stubGlobal("fetch", gateway);
});

afterEach(() => {
  vi.useRealTimers();
});

async function pass(seconds: number) {
  await act(() => vi.advanceTimersByTimeAsync(seconds * 1_000));
}

function show() {
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <ApiContext value={createApi({ token: () => "jwt" })}>
        <AgentWork ticketId="t-1" />
      </ApiContext>
    </QueryClientProvider>,
  );
}

describe("the agent's work on a ticket", () => {
  it("shows the run's engine, end, redactions, tokens, cost and steps", async () => {
    show();
    const run = await screen.findByRole("button", { name: /^Model small/ });
    expect(asked).toEqual(["/api/v1/agent/runs?ticket_id=t-1"]);
    expect(run.textContent).toContain("Resolved");
    expect(screen.getByText("Refund policy question")).toBeDefined();
    expect(screen.getByText(`${(1_200).toLocaleString()} in, 80 out`)).toBeDefined();
    expect(screen.getByText("US$ 0.000608")).toBeDefined();
    const steps = within(screen.getByRole("list", { name: "Steps" })).getAllByRole("listitem");
    expect(steps.map((step) => step.textContent)).toEqual([
      expect.stringContaining("Redacted email 1, phone 2"),
      expect.stringContaining("Searched refunds"),
    ]);
  });

  it.each([
    ["running", 20],
    ["parked", 2],
    ["resolved", 0],
  ])("reads a run that is %s %i times more in a minute", async (status, times) => {
    vi.useFakeTimers();
    runs = () => jsonAnswer(200, { items: [{ ...RUN, status }, { ...RUN, run_id: "r-2" }] });
    show();
    await pass(61);
    expect(asked).toHaveLength(1 + times);
  });

  it("gives up after five minutes without a run, until somebody looks again", async () => {
    vi.useFakeTimers();
    runs = () => jsonAnswer(200, { items: [] });
    show();
    await pass(299);
    expect(asked).toHaveLength(30);
    await pass(600);
    const before = asked.length;
    expect(before).toBeLessThanOrEqual(31);

    fireEvent.click(screen.getByRole("button", { name: "Look again" }));
    await pass(1);
    expect(asked).toHaveLength(before + 1);
    await pass(60);
    expect(asked.length).toBeGreaterThanOrEqual(before + 6);
  });

  it("reads the transcript when it is wanted, with calls, results and the passages that the reply rests on", async () => {
    show();
    await userEvent.click(await screen.findByRole("button", { name: "Show transcript" }));
    const said = await screen.findByRole("list", { name: "Transcript" });
    expect(asked.at(-1)).toBe("/api/v1/agent/runs/r-1/transcript");
    expect(within(said).getAllByRole("listitem").map((each) => each.getAttribute("aria-label"))).toEqual([
      "Rules",
      "Told to the model",
      "Model",
      "Result of search knowledge base",
      "Model",
    ]);
    expect(said.textContent).toContain('"query": "refunds"');
    expect(said.textContent).toContain("{{ no json");
    // The title is the knowledge base's, whatever the customer calls a passage.
    expect(screen.getByText("p1 How refunds work", { exact: false })).toBeDefined();
    await userEvent.click(screen.getByRole("button", { name: "Hide transcript" }));
    expect(screen.queryByRole("list", { name: "Transcript" })).toBeNull();
  });

  it("shows hostile text as text", async () => {
    show();
    await userEvent.click(await screen.findByRole("button", { name: "Show transcript" }));
    expect((await screen.findByRole("list", { name: "Transcript" })).textContent).toContain("<script>");
    expect(document.querySelector("img, script")).toBeNull();
  });

  it("says why a model was not used, and offers no transcript of a run without one", async () => {
    const steps = [{ at: "2026-11-20T10:00:00Z", step: "fell_back", detail: "today's budget is used up; the local engine went on" }];
    runs = () => jsonAnswer(200, { items: [{ ...RUN, engine: "local", usage: null, steps }] });
    show();
    expect(await screen.findByText("Local engine")).toBeDefined();
    expect(screen.getByText(/^Fell back: today's budget is used up/)).toBeDefined();
    expect(screen.queryByRole("button", { name: "Show transcript" })).toBeNull();
  });

  it("opens the newest run and keeps the older ones closed until they are wanted", async () => {
    runs = () => jsonAnswer(200, { items: [RUN, { ...RUN, run_id: "r-0", engine: "local", status: "escalated" }] });
    show();
    const older = await screen.findByRole("button", { name: /^Local engine/ });
    expect(older.getAttribute("aria-expanded")).toBe("false");
    expect(screen.getAllByRole("list", { name: "Steps" })).toHaveLength(1);
    await userEvent.click(older);
    expect(screen.getAllByRole("list", { name: "Steps" })).toHaveLength(2);
  });

  it("says that nothing was done yet, and that it is being read", async () => {
    runs = () => jsonAnswer(200, { items: [] });
    show();
    expect(screen.getByText("Loading…")).toBeDefined();
    expect(await screen.findByText("The agent has not taken up this ticket.")).toBeDefined();
  });

  it("says what went wrong and tries again", async () => {
    runs = () => jsonAnswer(503, { detail: "agent-service does not answer." });
    show();
    expect((await screen.findByRole("alert")).textContent).toBe("agent-service does not answer.");
    runs = () => jsonAnswer(200, { items: [RUN] });
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("button", { name: /^Model small/ })).toBeDefined();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("goes on without the transcript if that cannot be read", async () => {
    transcript = () => jsonAnswer(404, { detail: "There is no such run." });
    show();
    await userEvent.click(await screen.findByRole("button", { name: "Show transcript" }));
    expect((await screen.findByRole("alert")).textContent).toBe("There is no such run.");
    expect(screen.getByRole("list", { name: "Steps" })).toBeDefined();
  });
});
