import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { jsonAnswer } from "../../testing/answers";
import { expectNoViolations } from "../../testing/axe";
import { renderPage } from "../../testing/frame";
import { Page } from "./page";

const AT = "2026-11-20T10:00:00Z";
const ACTION = {
  action_id: "ac-1",
  action_type: "scale_deployment",
  status: "executing",
  version: 1,
  arguments: { service_name: "agent-service", target_type: "standalone", replicas: 4, reason: "load" },
  effect: { summary: "Scale agent-service from 2 to 4", details: { replicas_now: 2, replicas_after: 4 } },
  requester: "user:sam@acme.example",
  provider: "standalone",
  target: "standalone/agent-service",
  steps: [
    { step: "requested", at: AT, detail: "requested by user:sam@acme.example: load" },
    { step: "progress", at: AT, detail: "<img src=x onerror=alert(1)>" },
  ],
  created_at: AT,
  updated_at: AT,
};
const kind = (action_type: string, providers: string[]) => ({
  action_type,
  category: "operations",
  description: "Does it",
  risk: "medium",
  reversible: true,
  schema: {},
  providers,
  accepting: true,
  requesters: ["sre", "admin"],
});
const CATALOGUE = {
  items: [kind("restart_deployment", ["standalone", "kubernetes"]), kind("scale_deployment", ["standalone"]), kind("rollback_deployment", [])],
};
const OUTLOOK = {
  action_type: "scale_deployment",
  possible: true,
  risk: "medium",
  reversible: true,
  target: "standalone/agent-service",
  environment: "production",
  effect: ACTION.effect,
  guardrails: [],
};
const deployment = (service_name: string, more: object = {}) => ({
  target: `kubernetes/prod-eu/shop/${service_name}`,
  target_type: "kubernetes",
  service_name,
  cluster_name: "prod-eu",
  namespace: "shop",
  actions: ["restart_deployment", "scale_deployment"],
  protected: false,
  alone: { min_replicas: 1, max_replicas: 3, max_step: 10 },
  state: "found",
  environment: "production",
  replicas: 3,
  ready_replicas: 2,
  image: `${service_name}:7`,
  revision: "12",
  rollout: "2 of 3 updated, 2 available",
  changed_at: AT,
  ...more,
});
const LETTER = {
  letter_id: "l-1",
  state: "open",
  topic: "opsrelay.ticket.v1",
  origin: "opsrelay.ticket.v1-0@12",
  consumer: "agent-service.runs",
  reason: "no customer <script>alert(1)</script>",
  set_aside_at: AT,
  created_at: AT,
};
const LETTER_DETAIL = {
  letter: LETTER,
  headers: [{ name: "ce_type", value: "ticket_received" }],
  value: { encoding: "json", data: { subject: "A lamp" }, size: 20, truncated: false },
};

function opened({ roles = ["admin"], path = "/operations", answers = {} }: { roles?: string[]; path?: string; answers?: object } = {}) {
  return renderPage(<Page />, {
    route: "/operations",
    path,
    person: { roles },
    answers: {
      "GET /api/v1/actions": { items: [ACTION] },
      "GET /api/v1/actions?status=unknown&limit=50": { items: [] },
      "GET /api/v1/actions/ac-1": ACTION,
      "GET /api/v1/actions/catalogue": CATALOGUE,
      "GET /api/v1/kill_switch": {},
      "GET /api/v1/guardrails": { version: 0, rules: [{ name: "breaker", kind: "breaker", failures: 5, within: "PT10M", open_for: "PT15M" }] },
      "POST /api/v1/actions/dry_run": OUTLOOK,
      "POST /api/v1/actions": { action_id: "ac-1", action_type: "scale_deployment" },
      "GET /api/v1/dead-letters": { items: [LETTER] },
      "GET /api/v1/dead-letters/l-1": LETTER_DETAIL,
      ...answers,
    },
  });
}
const posts = (page: ReturnType<typeof opened>) => page.asked.filter(({ method }) => method === "POST");

it("lists what was asked for, and shows one with its progress and log, hostile text as text", async () => {
  const page = opened();
  await userEvent.click(await screen.findByRole("row", { name: /Scale agent-service from 2 to 4/ }));
  const sheet = await screen.findByRole("dialog", { name: "Scale" });
  expect(within(sheet).getByRole("list", { name: "Progress" }).textContent).toContain("Executed (at work)");
  expect(within(sheet).getByText("<img src=x onerror=alert(1)>")).toBeDefined();
  expect(document.querySelector("img")).toBeNull();
  expect(page.location()).toContain("id=ac-1");
  await expectNoViolations(document.body);
});

it("follows an action as it happens", async () => {
  const page = opened({ path: "/operations?id=ac-1" });
  const sheet = await screen.findByRole("dialog", { name: "Scale" });
  await page.goLive();
  page.answer("GET /api/v1/actions/ac-1", {
    ...ACTION,
    status: "succeeded",
    steps: [...ACTION.steps, { step: "succeeded", at: AT, detail: "4 instances run" }],
    result: { replicas: 4 },
  });
  await page.say("actions", "action_succeeded", "ac-1", { status: "succeeded" });
  expect(await within(sheet).findByText("4 instances run")).toBeDefined();
  expect(within(sheet).getByRole("button", { name: "Undo" })).toBeDefined();
});

it("shows what it would do first, and asks for it only then, once however often it is pressed", async () => {
  const page = opened();
  await userEvent.click(await screen.findByRole("button", { name: "New action" }));
  await userEvent.click(await screen.findByRole("radio", { name: /^Scale/ }));
  expect((screen.getByRole("radio", { name: /^Roll back/ }) as HTMLInputElement).disabled).toBe(true);
  await userEvent.type(screen.getByLabelText("Service"), "agent-service");
  await userEvent.type(screen.getByLabelText("Replicas"), "4");
  await userEvent.type(screen.getByLabelText("Reason"), "load");
  await expectNoViolations(document.body);
  await userEvent.click(screen.getByRole("button", { name: "Show the effect" }));
  expect(await screen.findByText("Nothing stands against it now.")).toBeDefined();
  expect(posts(page).map(({ path }) => path)).toEqual(["/api/v1/actions/dry_run"]);
  await expectNoViolations(document.body);
  await userEvent.dblClick(screen.getByRole("button", { name: "Scale agent-service" }));
  await waitFor(() => expect(page.location()).toContain("id=ac-1"));
  const deeds = posts(page).filter(({ path }) => path === "/api/v1/actions");
  expect(deeds.map(({ body }) => body)).toEqual([
    {
      action_type: "scale_deployment",
      arguments: { service_name: "agent-service", target_type: "standalone", replicas: 4, reason: "load" },
      reason: "load",
    },
  ]);
});

it("lets nothing be asked for that a guardrail bars, and says which", async () => {
  const barred = { ...OUTLOOK, possible: false, guardrails: [{ rule: "calm", kind: "cool_down", reason: "7 min are left", set_aside: false }] };
  opened({ answers: { "POST /api/v1/actions/dry_run": barred } });
  await userEvent.click(await screen.findByRole("button", { name: "New action" }));
  await userEvent.type(await screen.findByLabelText("Service"), "agent-service");
  await userEvent.type(screen.getByLabelText("Reason"), "load");
  await userEvent.click(screen.getByRole("button", { name: "Show the effect" }));
  expect(await screen.findByText(/7 min are left/)).toBeDefined();
  expect((screen.getByRole("button", { name: "Restart agent-service" }) as HTMLButtonElement).disabled).toBe(true);
});

it("shows the deployments as they stand, and prepares what is to be done to one of them", async () => {
  const page = opened({
    path: "/operations?tab=deployments",
    answers: { "GET /api/v1/deployments": { items: [deployment("cart"), deployment("ledger", { protected: true, ready_replicas: 3, rollout: "complete" })] } },
  });
  const row = await screen.findByRole("row", { name: /cart/ });
  expect(row.textContent).toContain("2 of 3 ready");
  expect(screen.getByRole("row", { name: /ledger/ }).textContent).toContain("two people");
  await expectNoViolations(page.container);
  await userEvent.click(within(row).getByRole("button", { name: "What can be done to kubernetes/prod-eu/shop/cart" }));
  expect(screen.getAllByRole("menuitem").map(({ textContent }) => textContent)).toEqual(["Restart", "Scale", "What was done to it"]);
  await userEvent.click(screen.getByRole("menuitem", { name: "Restart" }));
  await userEvent.type(await screen.findByLabelText("Reason"), "it leaks");
  await userEvent.click(screen.getByRole("button", { name: "Show the effect" }));
  await waitFor(() =>
    expect(posts(page).map(({ body }) => body)).toMatchObject([
      { arguments: { service_name: "cart", target_type: "kubernetes", cluster_name: "prod-eu", namespace: "shop", reason: "it leaks" } },
    ]),
  );
});

it("says which cluster is away, and finds deployments by what is typed", async () => {
  opened({
    path: "/operations?tab=deployments",
    answers: {
      "GET /api/v1/deployments": {
        items: [deployment("cart"), deployment("ledger", { state: "unreachable", problem: "cluster prod-us cannot be reached: refused", replicas: undefined })],
      },
    },
  });
  expect(await screen.findByText(/Cluster prod-us cannot be reached/)).toBeDefined();
  expect(screen.getByRole("row", { name: /ledger/ }).textContent).toContain("no answer");
  await userEvent.type(screen.getByRole("searchbox", { name: "Find a deployment" }), "cart");
  await waitFor(() => expect(screen.queryByRole("row", { name: /ledger/ })).toBeNull());
});

it("lets a target be chosen among the deployments, and fills in its place", async () => {
  opened({ answers: { "GET /api/v1/deployments": { items: [deployment("cart")] } } });
  await userEvent.click(await screen.findByRole("button", { name: "New action" }));
  await userEvent.click(await screen.findByRole("button", { name: /^Deployment/ }));
  await userEvent.click(await screen.findByRole("option", { name: "kubernetes/prod-eu/shop/cart" }));
  expect((screen.getByLabelText("Service") as HTMLInputElement).value).toBe("cart");
  expect((screen.getByLabelText("Cluster") as HTMLInputElement).value).toBe("prod-eu");
  expect((screen.getByLabelText("Namespace") as HTMLInputElement).value).toBe("shop");
  expect(screen.getByText("Now: 2 of 3 ready, cart:7, revision 12")).toBeDefined();
  await userEvent.type(screen.getByLabelText("Service"), "-2");
  expect(screen.queryByText(/^Now:/)).toBeNull();
});

it("says beside the field what is wrong", async () => {
  const refused = () => jsonAnswer(422, { detail: "no", errors: [{ field: "arguments.service_name", message: "must be lower-case" }] });
  opened({ answers: { "POST /api/v1/actions/dry_run": refused } });
  await userEvent.click(await screen.findByRole("button", { name: "New action" }));
  await userEvent.type(await screen.findByLabelText("Service"), "AGENT");
  await userEvent.type(screen.getByLabelText("Reason"), "load");
  await userEvent.click(screen.getByRole("button", { name: "Show the effect" }));
  expect(await screen.findByText("must be lower-case")).toBeDefined();
  expect(screen.getByLabelText("Service").getAttribute("aria-invalid")).toBe("true");
});

it("says honestly that an outcome is not known", async () => {
  const unknown = { ...ACTION, status: "unknown", failure: { code: "outcome_unknown", reason: "the answer was lost" } };
  const page = opened({
    path: "/operations?id=ac-1",
    answers: { "GET /api/v1/actions": { items: [unknown] }, "GET /api/v1/actions/ac-1": unknown, "GET /api/v1/actions?status=unknown&limit=50": { items: [unknown] }, "POST /api/v1/actions/ac-1/settle": { ...unknown, status: "succeeded" } },
  });
  const sheet = await screen.findByRole("dialog", { name: "Scale" });
  expect(within(sheet).getByText("It is not known whether it was done.")).toBeDefined();
  expect(await screen.findByText("The outcome of one action is not known.")).toBeDefined();
  await userEvent.click(within(sheet).getByRole("button", { name: "Settle by hand" }));
  await userEvent.click(await screen.findByRole("button", { name: "Settle" }));
  expect(await screen.findByText("Choose what became of it.")).toBeDefined();
  await userEvent.selectOptions(screen.getByLabelText("What became of it"), "done");
  await userEvent.type(screen.getByLabelText("Reason"), "seen at the provider");
  await userEvent.click(screen.getByRole("button", { name: "Settle" }));
  await waitFor(() => expect(posts(page).map(({ body }) => body)).toEqual([{ outcome: "done", reason: "seen at the provider" }]));
});

it("stops all actions only with a reason, and shows who did, when and why", async () => {
  const page = opened();
  await userEvent.click(await screen.findByRole("button", { name: "Stop all actions" }));
  const dialog = await screen.findByRole("dialog", { name: "Stop all actions?" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Stop all actions" }));
  expect(await within(dialog).findByText("Say why: others must know.")).toBeDefined();
  expect(posts(page)).toEqual([]);
  await userEvent.type(within(dialog).getByLabelText("Reason"), "it went wild");
  page.answer("GET /api/v1/kill_switch", { own: { on: true, by: "user:eve@acme.example", at: AT, reason: "it went wild" } });
  await userEvent.click(within(dialog).getByRole("button", { name: "Stop all actions" }));
  expect((await screen.findByText("All actions are stopped", { selector: ".font-semibold" })).parentElement?.textContent).toContain("eve@acme.example");
  expect(posts(page).map(({ body }) => body)).toEqual([{ on: true, reason: "it went wild" }]);
  expect(screen.getByRole("button", { name: "Let them begin again" })).toBeDefined();
});

it("shows also while live that the operators have stopped all actions, which no channel tells", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval", "Date"], shouldAdvanceTime: true });
  try {
    const page = opened();
    await screen.findByRole("button", { name: "Stop all actions" });
    await page.goLive();
    page.answer("GET /api/v1/kill_switch", { of_all: { on: true, by: "user:op@opsrelay.example", at: AT, reason: "a flaw" } });
    await act(() => vi.advanceTimersByTimeAsync(16_000));
    expect(await screen.findByText("The operators have stopped all actions of all clients")).toBeDefined();
  } finally {
    vi.useRealTimers();
  }
});

it("offers a viewer no deeds and no dead letters", async () => {
  opened({ roles: ["viewer"], path: "/operations?tab=dead-letters" });
  expect(await screen.findByRole("row", { name: /Scale agent-service/ })).toBeDefined();
  expect(screen.queryByRole("button", { name: /New action|Stop all actions/ })).toBeNull();
  expect(screen.queryByRole("tab", { name: "Dead letters" })).toBeNull();
  await userEvent.click(screen.getByRole("row", { name: /Scale agent-service/ }));
  const sheet = await screen.findByRole("dialog", { name: "Scale" });
  expect(within(sheet).queryByRole("button", { name: /Call off|Undo|Settle|Try again/ })).toBeNull();
});

it("tells the guardrails in words, and lets an admin close a breaker", async () => {
  const page = opened({
    path: "/operations?tab=guardrails",
    answers: { "GET /api/v1/guardrails/breakers": { items: [{ target: "standalone/agent-service", failures: 5, last_failure_at: AT, open_until: new Date(Date.now() + 600_000).toISOString(), rule: "breaker" }] } },
  });
  expect(await screen.findByText("5 failures in a row within 10 min bar a target for 15 min.")).toBeDefined();
  await userEvent.click(await screen.findByRole("button", { name: "Close the breaker of standalone/agent-service" }));
  await waitFor(() => expect(posts(page).map(({ body }) => body)).toEqual([{ target: "standalone/agent-service" }]));
  await expectNoViolations(page.container);
});

const BOOK = {
  version: 3,
  changed_by: "user:eve@acme.example",
  changed_at: AT,
  reason: "it got out of hand",
  rules: [
    { name: "breaker", kind: "breaker", failures: 5, within: "PT10M", open_for: "PT15M" },
    { name: "calm", kind: "cool_down", targets: ["kubernetes/prod/*"], pause: "PT10M" },
  ],
};
const puts = (page: ReturnType<typeof opened>) => page.asked.filter(({ method }) => method === "PUT");
const tagged = (body: object) => () => new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json", ETag: '"3"' } });

it("has guardrails changed in a draft, shows what changes in words, and saves it with a reason", async () => {
  const page = opened({ path: "/operations?tab=guardrails", answers: { "GET /api/v1/guardrails": tagged(BOOK), "PUT /api/v1/guardrails": { ...BOOK, version: 4 } } });
  await userEvent.click(await screen.findByRole("button", { name: "calm" }));
  const editor = await screen.findByRole("dialog", { name: "Guardrail" });
  const pause = within(editor).getByLabelText("Pause");
  expect((pause as HTMLInputElement).value).toBe("10 min");
  await userEvent.clear(pause);
  await userEvent.type(pause, "soon");
  await userEvent.click(within(editor).getByRole("button", { name: "Take into the draft" }));
  expect(await within(editor).findByText("must be a length of time such as 10 min or 2 h")).toBeDefined();
  await userEvent.clear(pause);
  await userEvent.type(pause, "1 h 30 min");
  await expectNoViolations(document.body);
  await userEvent.click(within(editor).getByRole("button", { name: "Take into the draft" }));
  await userEvent.click(screen.getByRole("button", { name: "Take breaker away" }));
  await userEvent.click(await screen.findByRole("button", { name: "Take away" }));
  expect(puts(page)).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Review and save" }));
  const changes = await screen.findByRole("list", { name: "What becomes of the rules" });
  expect(within(changes).getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/^Gonebreaker.*5 failures in a row/),
    expect.stringMatching(/^Changedcalm.*10 min between.*1 h 30 min between/),
  ]);
  await expectNoViolations(document.body);
  await userEvent.click(screen.getByRole("button", { name: "Save the guardrails" }));
  expect(await screen.findByText("Say why: others must know.")).toBeDefined();
  await userEvent.type(screen.getByLabelText("Reason"), "calmer");
  await userEvent.click(screen.getByRole("button", { name: "Save the guardrails" }));
  await waitFor(() =>
    expect(puts(page).map(({ body }) => body)).toEqual([
      { rules: [{ name: "calm", kind: "cool_down", targets: ["kubernetes/prod/*"], pause: "PT1H30M" }], reason: "calmer" },
    ]),
  );
  await waitFor(() => expect(screen.queryByRole("button", { name: "Review and save" })).toBeNull());
});

it("says of which rule and field the service refused what, and that somebody else was faster", async () => {
  const refused = () => jsonAnswer(422, { detail: "no", errors: [{ field: "rules[2].name", message: "is the kill switch's own" }] });
  const page = opened({ path: "/operations?tab=guardrails", answers: { "GET /api/v1/guardrails": tagged(BOOK), "PUT /api/v1/guardrails": refused } });
  await userEvent.click(await screen.findByRole("button", { name: "Add rule" }));
  const editor = await screen.findByRole("dialog", { name: "New guardrail" });
  await userEvent.type(within(editor).getByLabelText("Name"), "kill_switch");
  await userEvent.selectOptions(within(editor).getByLabelText("Kind"), "rate");
  await userEvent.type(within(editor).getByLabelText("Most within an hour"), "3");
  await userEvent.click(within(editor).getByRole("button", { name: "Take into the draft" }));
  await userEvent.click(screen.getByRole("button", { name: "Review and save" }));
  await userEvent.type(await screen.findByLabelText("Reason"), "slower");
  await userEvent.click(screen.getByRole("button", { name: "Save the guardrails" }));
  expect(await screen.findByText("kill_switch: name is the kill switch's own")).toBeDefined();
  page.answer("PUT /api/v1/guardrails", () => jsonAnswer(412, { detail: "stale" }));
  await userEvent.click(screen.getByRole("button", { name: "Save the guardrails" }));
  expect(await screen.findByText(/Somebody has changed them meanwhile/)).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Load what was saved" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "kill_switch" })).toBeNull());
});

it("shows the guardrails to others as they stand", async () => {
  opened({ roles: ["sre"], path: "/operations?tab=guardrails", answers: { "GET /api/v1/guardrails": BOOK } });
  expect(await screen.findByText("10 min between the beginnings of two actions on a target.")).toBeDefined();
  expect(screen.queryByRole("button", { name: /Add rule|Take .* away|^calm$/ })).toBeNull();
});

it("shows a dead letter as text, has its value mended and publishes it again", async () => {
  const page = opened({ path: "/operations?tab=dead-letters" });
  await userEvent.click(await screen.findByRole("row", { name: /no customer/ }));
  const sheet = await screen.findByRole("dialog", { name: "Dead letter" });
  expect(await within(sheet).findByText("no customer <script>alert(1)</script>")).toBeDefined();
  await userEvent.click(within(sheet).getByRole("button", { name: "Edit the value" }));
  const value = within(sheet).getByLabelText("Value as JSON");
  await userEvent.clear(value);
  await userEvent.click(value);
  await userEvent.paste("{");
  expect(await within(sheet).findByText(/This is not JSON/)).toBeDefined();
  expect((within(sheet).getByRole("button", { name: "Replay edited" }) as HTMLButtonElement).disabled).toBe(true);
  await userEvent.paste('"subject":"Two lamps"}');
  await expectNoViolations(document.body);
  await userEvent.click(within(sheet).getByRole("button", { name: "Replay edited" }));
  await userEvent.click(await screen.findByRole("button", { name: "Replay" }));
  await waitFor(() => expect(posts(page)).toMatchObject([{ path: "/api/v1/dead-letters/l-1/replay", body: { value: { subject: "Two lamps" } } }]));
});

it("does not give a letter up without a reason, and shows who was faster", async () => {
  const page = opened({
    path: "/operations?tab=dead-letters&id=l-1",
    answers: { "POST /api/v1/dead-letters/l-1/discard": () => jsonAnswer(409, { detail: "it was discarded by user:bob" }) },
  });
  await userEvent.click(await screen.findByRole("button", { name: "Discard" }));
  const dialog = await screen.findByRole("dialog", { name: "Give it up?" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Discard" }));
  expect(posts(page)).toEqual([]);
  await userEvent.type(within(dialog).getByLabelText("Reason"), "spam");
  await userEvent.click(within(dialog).getByRole("button", { name: "Discard" }));
  expect(await within(dialog).findByText("it was discarded by user:bob")).toBeDefined();
});

it("replays what the filters match", async () => {
  const page = opened({ path: "/operations?tab=dead-letters&topic=ticket.v1&state=open", answers: { "POST /api/v1/dead-letters/replay": { replaying: 500, more: true } } });
  await userEvent.click(await screen.findByRole("button", { name: /^Replay all open/ }));
  await userEvent.click(await screen.findByRole("button", { name: "Replay them" }));
  expect(await screen.findByText("There are more: ask again.")).toBeDefined();
  expect(posts(page).map(({ body }) => body)).toEqual([{ topic: "ticket.v1" }]);
  await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

it("says when the log cannot be read, and reads it again", async () => {
  const page = opened({ answers: { "GET /api/v1/actions": () => jsonAnswer(503, { detail: "action-engine did not answer", service: "action-engine" }) } });
  expect(await screen.findByText("action-engine did not answer")).toBeDefined();
  page.answer("GET /api/v1/actions", { items: [ACTION] });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("row", { name: /Scale agent-service/ })).toBeDefined();
});
