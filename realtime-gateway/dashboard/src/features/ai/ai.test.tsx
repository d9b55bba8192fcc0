import { act, configure, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { expectNoViolations } from "../../testing/axe";
import { jsonAnswer } from "../../testing/answers";
import { renderPage } from "../../testing/frame";
import { matrixOf, MOST_LABELS } from "./accuracy";
import { KEPT_ACTIVITIES, NO_ACTIVITIES, stream, unseen, type Activity } from "./employees";
import { Page } from "./page";
import { layersOf, spendOf } from "./spend";

vi.setConfig({ testTimeout: 20_000 });
configure({ asyncUtilTimeout: 5_000 });

const HOSTILE = '<img src=x onerror="alert(1)">';

const employee = (name: string, more: object = {}) => ({
  name: name.toLowerCase(),
  display_name: name,
  role: "Customer Success",
  primary_metric: { name: "satisfaction", unit: "percent", value: null },
  status: "active",
  enabled: true,
  latest_activity: null,
  today: { runs: 12, resolved: 9, escalated: 2, failed: 1, average_handling_seconds: 1.5, resolved_without_person: 0.75 },
  ...more,
});

const activity = (number: number, more: object = {}) => ({
  activity_id: `a-${String(number).padStart(3, "0")}`,
  ai_employee: "luna",
  type: "task",
  description: `Did thing ${number}`,
  outcome: "resolved",
  timestamp: new Date(Date.UTC(2026, 10, 20, 10, 0, number)).toISOString(),
  ...more,
});

/** The frame that tells an activity, as agent-service writes it. */
const told = (number: number, more: object = {}) => {
  const item = activity(number, more);
  return ["ai", "ai_activity", item.activity_id, { ai_employee: item.ai_employee, activity: item, timestamp: item.timestamp, version: 1 }] as const;
};

const shown = () =>
  within(screen.getByRole("list", { name: "Activity" }))
    .getAllByRole("listitem")
    .map((row) => within(row).getByText(/^Did thing/).textContent);

const readings = (page: { readonly asked: readonly { readonly path: string }[] }) =>
  page.asked.filter(({ path }) => path.startsWith("/api/v1/ai/activities")).length;

const ACCURACY = {
  since: "2026-10-20T10:00:00Z",
  judged: 40,
  corrected: 4,
  confirmed: 6,
  accuracy: 0.9,
  not_learned: 1,
  versions: [{ model_version: "shipped-1", judged: 40, corrected: 4, confirmed: 6, accuracy: 0.9 }],
  categories: [{ category: "refund_status", judged: 40, corrected: 4, confirmed: 6, accuracy: 0.9, missed: 0 }],
  confusion: [{ classified: "refund_status", corrected: "double_charge", count: 4 }],
};

function open(answers: Record<string, unknown> = {}, search = "") {
  return renderPage(<Page />, {
    route: "/ai",
    path: `/ai${search}`,
    answers: {
      "GET /api/v1/ai/employees": { items: [employee("Luna"), employee("Flora", { status: "idle", primary_metric: { name: "efficiency", unit: "percent", value: 87.5 } })] },
      "GET /api/v1/ai/activities": { items: Array.from({ length: 14 }, (_, index) => activity(index)) },
      "GET /api/v1/agent/classifier/accuracy": ACCURACY,
      ...answers,
    },
  });
}

describe("the cost", () => {
  const spend = (day: string, model: string, cost_usd: number) => ({ day, model, runs: 2, answers: 5, input_tokens: 1_200, output_tokens: 300, cost_usd });

  it("is told by day and model, with sums, for the days that one chooses", async () => {
    const page = open({ "GET /api/v1/agent/spend": { items: [spend("2026-11-01", "fast", 0.5), spend("2026-11-02", "fast", 0.25), spend("2026-11-02", "large", 3)] } }, "?tab=cost&from=2026-11-01&to=2026-11-03");
    const table = await screen.findByRole("region", { name: "Cost by day and model" });
    expect(within(table).getAllByRole("row").slice(1).map(({ textContent }) => textContent)).toEqual([
      "All dayslarge251,200300$3.00",
      "All daysfast4102,400600$0.75",
      "2026-11-02large251,200300$3.00",
      "2026-11-02fast251,200300$0.25",
      "2026-11-01fast251,200300$0.50",
    ]);
    expect(page.asked.map(({ path }) => path)).toContain("/api/v1/agent/spend?from=2026-11-01&to=2026-11-03");
    await expectNoViolations(page.container);
    fireEvent.change(screen.getByLabelText("First day"), { target: { value: "2026-12-01" } });
    await userEvent.click(screen.getByRole("button", { name: "Show" }));
    expect(await screen.findByText("The last day must not come before the first.")).toBeDefined();
    await userEvent.selectOptions(screen.getByLabelText("Period"), "7");
    await waitFor(() => expect(page.location()).toMatch(/days=(%22)?7/));
    expect(page.location()).not.toContain("from=");
  });

  it("of which there is none says so", async () => {
    open({}, "?tab=cost");
    expect(await screen.findByText("No model was asked in these days")).toBeDefined();
  });

  it("has a layer for each model and a place for each day, the rest together", () => {
    const days = { from: "2026-11-01", to: "2026-11-03" };
    const spends = spendOf({ items: ["a", "b", "c", "d", "e", "f"].map((model, index) => spend("2026-11-02", model, 6 - index)) });
    const { times, series } = layersOf(spends, days);
    expect(times).toHaveLength(3);
    expect(series.map(({ name }) => name)).toEqual(["a", "b", "c", "d", "Others"]);
    expect(series[4]?.values).toEqual([0, 3, 0]);
  });
});

describe("the AI employees", () => {
  it("are shown with what was measured, and without a figure where nothing was", async () => {
    const page = open();
    const luna = await screen.findByRole("listitem", { name: "Luna" });
    expect(within(luna).getByText("Not measured yet")).toBeDefined();
    expect(within(luna).getByText("75 %")).toBeDefined();
    expect(within(luna).getByText("Active")).toBeDefined();
    expect(within(screen.getByRole("listitem", { name: "Flora" })).getByText("87.5 %")).toBeDefined();
    await screen.findByText("Did thing 13");
    await expectNoViolations(page.container);
  });

  it("are read again when the stream says that one of them went idle", async () => {
    const page = open();
    await screen.findByRole("listitem", { name: "Luna" });
    await page.goLive();
    page.answer("GET /api/v1/ai/employees", { items: [employee("Luna", { status: "idle" })] });
    await page.say("ai", "ai_status_changed", "luna", { ai_employee: "luna", status: "idle" });
    await waitFor(() => expect(within(screen.getByRole("listitem", { name: "Luna" })).getByText("Idle")).toBeDefined());
  });

  it("who cannot be read are told with a way to try again", async () => {
    const page = open({ "GET /api/v1/ai/employees": () => jsonAnswer(503, { detail: "agent-service does not answer" }) });
    expect(await screen.findByText("agent-service does not answer")).toBeDefined();
    page.answer("GET /api/v1/ai/employees", { items: [employee("Luna")] });
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("listitem", { name: "Luna" })).toBeDefined();
  });
});

describe("the activity", () => {
  it("shows ten, and all of them when it is asked to", async () => {
    open();
    const list = await screen.findByRole("list", { name: "Activity" });
    expect(within(list).getAllByRole("listitem")).toHaveLength(10);
    await userEvent.click(screen.getByRole("button", { name: "Show all 14" }));
    expect(within(list).getAllByRole("listitem")).toHaveLength(14);
  });

  it("shows what somebody wrote as text", async () => {
    const page = open({ "GET /api/v1/ai/activities": { items: [activity(1, { description: HOSTILE })] } });
    expect(await screen.findByText(HOSTILE)).toBeDefined();
    expect(page.container.querySelector("img")).toBeNull();
  });

  it("can be narrowed down to one employee, in the address too", async () => {
    const page = open({ "GET /api/v1/ai/employees/luna/activities": { items: [activity(1, { description: "Only hers" })] } });
    await userEvent.click(await screen.findByRole("button", { name: "Show only the activity of Luna" }));
    expect(await screen.findByText("Only hers")).toBeDefined();
    expect(page.location()).toContain("employee=luna");
  });

  it("does not move while somebody points at it, and says how much is new", async () => {
    const page = open({ "GET /api/v1/ai/activities": { items: [activity(1)] } });
    await screen.findByText("Did thing 1");
    await page.goLive();
    fireEvent.pointerEnter(screen.getByRole("list", { name: "Activity" }));
    await page.say(...told(2));
    const button = await screen.findByRole("button", { name: "1 new" });
    expect(screen.queryByText("Did thing 2")).toBeNull();
    await act(() => userEvent.click(button));
    expect(await screen.findByText("Did thing 2")).toBeDefined();
  });
});

describe("the live activity", () => {
  it("is shown as it is told, above what was listed, without another reading for each", async () => {
    const page = open({ "GET /api/v1/ai/activities": { items: [activity(1)] } });
    await screen.findByText("Did thing 1");
    await page.goLive();
    await page.say(...told(2));
    await screen.findByText("Did thing 2");
    await page.say(...told(3));
    await screen.findByText("Did thing 3");
    await page.say(...told(4));
    await screen.findByText("Did thing 4");
    expect(shown()).toEqual(["Did thing 4", "Did thing 3", "Did thing 2", "Did thing 1"]);
    // Once at the beginning and once for what may have come before the stream was there.
    expect(readings(page)).toBeLessThanOrEqual(2);
  });

  it("is one item, whether it is told, listed or both", async () => {
    const page = open({ "GET /api/v1/ai/activities": { items: [activity(1)] } });
    await screen.findByText("Did thing 1");
    await page.goLive();
    page.answer("GET /api/v1/ai/activities", { items: [activity(3), activity(2), activity(1)] });
    await page.say(...told(2));
    await page.say(...told(2));
    await screen.findByText("Did thing 3");
    expect(shown()).toEqual(["Did thing 3", "Did thing 2", "Did thing 1"]);
  });

  it("of others does not come into the list of one employee, nor do frames of another kind", async () => {
    const page = open({ "GET /api/v1/ai/employees/luna/activities": { items: [activity(1)] } }, "?employee=luna");
    await screen.findByText("Did thing 1");
    await page.goLive();
    await page.say(...told(2, { ai_employee: "flora" }));
    await page.say("ai", "ai_status_changed", "luna", { ai_employee: "luna", status: "active" });
    await page.say("ai", "ai_activity", "x", { ai_employee: "luna", activity: "of an unknown shape" });
    await page.say(...told(3));
    await screen.findByText("Did thing 3");
    expect(shown()).toEqual(["Did thing 3", "Did thing 1"]);
  });

  it("keeps fifty of many that come at once, and shows the newest ten", async () => {
    const page = open({ "GET /api/v1/ai/activities": { items: [] } });
    await screen.findByText("Nothing done yet");
    await page.goLive();
    for (let number = 1; number <= 59; number++) {
      await page.say(...told(number));
    }
    await screen.findByText("Did thing 59");
    expect(shown()).toHaveLength(10);
    await userEvent.click(screen.getByRole("button", { name: "Show all 50" }));
    expect(shown()).toHaveLength(KEPT_ACTIVITIES);
    expect(shown().at(-1)).toBe("Did thing 10");
  });

  it("is read at the page's own pace while there is no stream", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval", "Date"], shouldAdvanceTime: true });
    try {
      const page = open({ "GET /api/v1/ai/activities": { items: [activity(1)] } });
      await screen.findByText("Did thing 1");
      page.answer("GET /api/v1/ai/activities", { items: [activity(2), activity(1)] });
      await act(() => vi.advanceTimersByTimeAsync(31_000));
      expect(await screen.findByText("Did thing 2")).toBeDefined();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("the stream of activities", () => {
  const done = (number: number): Activity => ({ id: `a-${number}`, employee: "luna", type: "task", description: "", outcome: null, at: number });

  it("keeps the newest fifty, each once", () => {
    const first = stream(NO_ACTIVITIES, { type: "add", items: Array.from({ length: 80 }, (_, index) => done(index)) });
    const again = stream(first, { type: "add", items: [done(79), done(80)] });
    expect(again.kept).toHaveLength(KEPT_ACTIVITIES);
    expect(again.kept.slice(0, 3).map(({ at }) => at)).toEqual([80, 79, 78]);
  });

  it("holds what is shown until it is released", () => {
    const held = stream(stream(NO_ACTIVITIES, { type: "add", items: [done(1)] }), { type: "hold" });
    const more = stream(held, { type: "add", items: [done(2)] });
    expect(more.held?.map(({ at }) => at)).toEqual([1]);
    expect(unseen(more)).toBe(1);
    expect(stream(more, { type: "release" }).held).toBeNull();
  });
});

describe("the classifier", () => {
  it("is measured by people, with what was taken for what", async () => {
    const page = open({}, "?tab=classifier");
    expect(await screen.findByText("90 %", { selector: "p" })).toBeDefined();
    const matrix = screen.getByRole("region", { name: "What was found, and what people said instead" });
    const row = within(matrix).getByRole("row", { name: /^Refund status/ });
    expect(within(row).getAllByRole("cell").map(({ textContent }) => textContent).sort()).toEqual(["36", "4"]);
    await expectNoViolations(page.container);
  });

  it("has no accuracy where nobody said a word, and says why", async () => {
    open({ "GET /api/v1/agent/classifier/accuracy": { ...ACCURACY, corrected: 0, confirmed: 0, accuracy: null, confusion: [] } }, "?tab=classifier");
    expect(await screen.findByText(/so there is no accuracy/)).toBeDefined();
    expect(screen.getByText("Nothing was confused")).toBeDefined();
  });

  it("of older services is left out", async () => {
    open({ "GET /api/v1/agent/classifier/accuracy": () => jsonAnswer(404, { detail: "No static resource" }) }, "?tab=classifier");
    expect(await screen.findByText("Accuracy is not measured here")).toBeDefined();
  });

  it("is measured over the time that is chosen", async () => {
    const page = open({}, "?tab=classifier");
    await userEvent.selectOptions(await screen.findByRole("combobox", { name: "Period" }), "90");
    await waitFor(() => expect(page.asked.map(({ path }) => path)).toContain("/api/v1/agent/classifier/accuracy?days=90"));
  });
});

it("a matrix has the labels that are confused most, and says how many it leaves out", () => {
  const confusion = Array.from({ length: 20 }, (_, index) => ({ classified: `a${index}`, corrected: "b", count: 20 - index }));
  const { labels, leftOut } = matrixOf({ categories: [], confusion });
  expect(labels).toHaveLength(MOST_LABELS);
  expect(labels[0]).toBe("b");
  expect(leftOut).toBe(21 - MOST_LABELS);
});

describe("the runs", () => {
  const TICKETS = {
    items: [
      { ticket_id: "t-1", run_id: "r-1", subject: HOSTILE, status: "resolved", category: "refund_status", confidence: 0.91, updated_at: "2026-11-20T10:00:00Z" },
      { ticket_id: "t-2", subject: "Nobody took it up", status: "received", updated_at: "2026-11-20T10:00:00Z" },
    ],
  };

  it("are listed by ticket, and open to what the agent did and what it cost", async () => {
    const page = open(
      {
        "GET /api/v1/tickets": TICKETS,
        "GET /api/v1/agent/runs": {
          items: [
            {
              run_id: "r-1",
              ticket_id: "t-1",
              status: "resolved",
              engine: "small",
              steps: [{ at: "2026-11-20T10:00:00Z", step: "fell_back", detail: "the model did not answer" }],
              usage: { input_tokens: 1_200, output_tokens: 80, cost_micros: 608 },
              created_at: "2026-11-20T10:00:00Z",
            },
          ],
        },
      },
      "?tab=runs",
    );
    await userEvent.click(await screen.findByText(HOSTILE));
    const sheet = await screen.findByRole("dialog");
    expect(await within(sheet).findByText(/Fell back: the model did not answer/)).toBeDefined();
    expect(within(sheet).getByText(/US\$ 0.000608/)).toBeDefined();
    expect(screen.queryByText("Nobody took it up")).toBeNull();
    expect(document.querySelector("img")).toBeNull();
    expect(page.location()).toContain("ticket=t-1");
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("can be narrowed down by status", async () => {
    const page = open({ "GET /api/v1/tickets": TICKETS }, "?tab=runs");
    await userEvent.selectOptions(await screen.findByRole("combobox", { name: "Status" }), "failed");
    await waitFor(() => expect(page.asked.some(({ path }) => path.includes("status=failed"))).toBe(true));
    await expectNoViolations(page.container);
  });
});
