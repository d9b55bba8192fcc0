import { configure, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { expectNoViolations } from "../../testing/axe";
import { jsonAnswer } from "../../testing/answers";
import { renderPage } from "../../testing/frame";
import { Page } from "./page";
import { bodyOf, conditionsOf, draftOf, policyOf, ruleOf } from "./policy";
import { SECTIONS } from "./sections";

vi.setConfig({ testTimeout: 20_000 });
configure({ asyncUtilTimeout: 5_000 });

const HOSTILE = '<img src=x onerror="alert(1)">';
const WORKFLOW = {
  version: 3,
  mode: "pipeline",
  engine: "local",
  classification: "local",
  tools: ["process_refund", "reply_to_customer"],
  routing: [{ categories: ["legal"], to: "person" }],
  thresholds: { least_confidence: 0.5, least_confidence_to_answer: 0.2 },
  limits: { max_steps: 8, max_tokens: 50_000, max_seconds: 300, max_cost_usd: 0.5, daily_budget_usd: 20 },
  changed_by: "user:ada",
  changed_at: "2026-11-20T10:00:00Z",
};
const TOOLS = {
  items: [
    { name: "process_refund", category: "financial", description: "Asks for a refund.", source: "built_in", available: true, schema: { properties: { order_id: { type: "string", description: "the order" } }, required: ["order_id"] } },
    { name: "check_order_status", category: "information", source: "built_in", available: true },
    { name: "reply_to_customer", category: "information", source: "built_in", available: true },
    { name: "http_stock", category: "information", description: HOSTILE, source: "http", available: false, reason: "the address leads into a private network" },
  ],
};
const POLICY = {
  version: 2,
  rules: [
    { name: "small-refunds", when: { action_types: ["refund"], amount: { up_to: "200.00", currency: "EUR" } }, then: { decision: "approve", approvers: { count: 1, roles: ["approver"] }, remind_after: "1h" } },
    { name: "everything-else", then: { decision: "deny", reason: "ask first" } },
  ],
};
const CHANNEL = {
  channel_id: "c-1",
  kind: "email-generic",
  name: "support",
  addresses: ["support@acme.example"],
  settings: {},
  secrets: [{ name: "signing_secret", set_at: "2026-11-20T10:00:00Z" }],
  enabled: true,
  webhook_path: "/webhooks/email/inbound/c-1",
};
const HOOK = { webhook_id: "w-1", url: "https://hooks.example/in", event_types: ["approval.*"], disabled: false, created_at: "2026-11-20T10:00:00Z" };
const ARTICLE = { id: "refunds", title: "How refunds work", language: "en", intents: [], format: "markdown", content: "Ten days.", passages: 1, updated_at: "2026-11-20T10:00:00Z" };

const tagged = (body: unknown) => () => jsonAnswer(200, body, { ETag: '"7"' });
const refused = (field: string, reason: string) => () => jsonAnswer(422, { detail: "The request was refused.", errors: [{ field, reason }] });

function open(section: string, { answers = {}, roles = ["admin"], search = "" }: { answers?: Record<string, unknown>; roles?: string[]; search?: string } = {}) {
  return renderPage(<Page />, {
    route: "/settings/$section",
    path: `/settings/${section}${search}`,
    person: { roles },
    answers: {
      "GET /api/v1/agent/workflow": tagged(WORKFLOW),
      "GET /api/v1/agent/tools": TOOLS,
      "GET /api/v1/policies": tagged(POLICY),
      "GET /api/v1/policies/versions": { items: [POLICY] },
      "GET /api/v1/policies/versions/0": { version: 0, rules: [] },
      "GET /api/v1/channels": { items: [CHANNEL] },
      "GET /api/v1/channels/c-1": tagged(CHANNEL),
      "GET /api/v1/webhooks": { items: [HOOK] },
      "GET /api/v1/webhooks/w-1": tagged(HOOK),
      "GET /api/v1/agent/knowledge/articles": { items: [ARTICLE] },
      "GET /api/v1/agent/knowledge/articles/refunds": tagged(ARTICLE),
      "GET /api/v1/agent/knowledge/index": { state: "off", passages: 1, embedded: 0 },
      "GET /api/v1/agent/classifier": { status: "none", left_out: [], label_figures: [], confusion: [] },
      "GET /api/v1/notifications/settings": tagged({ email_available: false, recipients: [] }),
      "GET /api/v1/users": { items: [{ email: "ada@acme.example", roles: ["admin", "sre"], clients: ["acme"] }] },
      ...answers,
    },
  });
}

const written = (page: ReturnType<typeof open>, method: string) => page.asked.filter((each) => each.method === method);

describe("each section", () => {
  it.each(SECTIONS.map(({ id, title }) => [id, title]))("%s has its title and no violations", async (id, title) => {
    const page = open(id);
    expect(await screen.findByRole("heading", { level: 1, name: title })).toBeDefined();
    await waitFor(() => expect(screen.queryAllByLabelText("Loading")).toEqual([]));
    await expectNoViolations(page.container);
  });

  it.each(SECTIONS.filter(({ adminsOnly }) => adminsOnly === true).map(({ id }) => [id]))("%s is not asked for by who may not see it", async (id) => {
    const page = open(id, { roles: ["viewer"] });
    expect(await screen.findByText("Only administrators see this")).toBeDefined();
    expect(page.asked).toEqual([]);
  });

  it("that there is not says so", async () => {
    open("nonsense");
    expect(await screen.findByText(/There is no section/)).toBeDefined();
  });
});

describe("the workflow", () => {
  it("is sent whole, with the version that it was changed from", async () => {
    const page = open("workflow", { answers: { "PUT /api/v1/agent/workflow": WORKFLOW } });
    const steps = await screen.findByRole("textbox", { name: "Steps of a run" });
    const save = screen.getByRole("button", { name: "Save" });
    expect(save).toHaveProperty("disabled", true);
    await userEvent.clear(steps);
    await userEvent.type(steps, "12");
    await userEvent.click(screen.getByRole("radio", { name: /Agent/ }));
    await userEvent.click(save);
    await waitFor(() => expect(written(page, "PUT")).toHaveLength(1));
    expect(written(page, "PUT")[0]?.body).toEqual({
      mode: "react",
      engine: "local",
      classification: "local",
      tools: ["process_refund", "reply_to_customer"],
      routing: [{ categories: ["legal"], to: "person" }],
      thresholds: { least_confidence: 0.5, least_confidence_to_answer: 0.2 },
      limits: { max_steps: 12, max_tokens: 50_000, max_seconds: 300, max_cost_usd: 0.5, daily_budget_usd: 20 },
    });
    expect(await screen.findByText(/The workflow is saved/)).toBeDefined();
  });

  it("names no tools where all are chosen, so that later ones are allowed too", async () => {
    const page = open("workflow", { answers: { "PUT /api/v1/agent/workflow": WORKFLOW } });
    await userEvent.click(await screen.findByRole("checkbox", { name: "Check order status" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Http stock" }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(written(page, "PUT")).toHaveLength(1));
    expect(written(page, "PUT")[0]?.body).not.toHaveProperty("tools");
  });

  it("that is refused tells which field, and keeps what was typed", async () => {
    open("workflow", { answers: { "PUT /api/v1/agent/workflow": refused("limits.max_steps", "must lie between 1 and 50") } });
    const steps = await screen.findByRole("textbox", { name: "Steps of a run" });
    await userEvent.type(steps, "00{Enter}");
    await waitFor(() => expect(steps.getAttribute("aria-invalid")).toBe("true"));
    expect(screen.getAllByText("must lie between 1 and 50")).toHaveLength(1);
    expect(steps).toHaveProperty("value", "800");
  });

  it("that somebody else changed meanwhile can be loaded anew", async () => {
    const page = open("workflow", { answers: { "PUT /api/v1/agent/workflow": () => jsonAnswer(412, { detail: "changed" }) } });
    const steps = await screen.findByRole("textbox", { name: "Steps of a run" });
    await userEvent.type(steps, "0{Enter}");
    await userEvent.click(await screen.findByRole("button", { name: "Load what was saved" }));
    expect(steps).toHaveProperty("value", "8");
    expect(written(page, "PUT")).toHaveLength(1);
  });

  it("is not left with changes without being asked", async () => {
    const page = open("workflow");
    await userEvent.type(await screen.findByRole("textbox", { name: "Steps of a run" }), "0");
    await userEvent.click(screen.getByRole("link", { name: "Tools" }));
    const dialog = await screen.findByRole("dialog", { name: "Leave without saving?" });
    await userEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
    expect(page.location()).toBe("/settings/workflow");
    await userEvent.click(screen.getByRole("link", { name: "Tools" }));
    await userEvent.click(await screen.findByRole("button", { name: "Leave" }));
    await waitFor(() => expect(page.location()).toBe("/settings/tools"));
  });

  it("can be read and not changed by a viewer", async () => {
    open("workflow", { roles: ["viewer"] });
    const steps = await screen.findByRole("textbox", { name: "Steps of a run" });
    expect(steps.matches(":disabled")).toBe(true);
    expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
    expect(screen.getByText(/Only administrators change this/)).toBeDefined();
  });
});

describe("policies", () => {
  it("are read as sentences", async () => {
    open("policies");
    const rules = await screen.findByRole("list", { name: /^Rules/ });
    expect(within(rules).getByText("Action is refund · Amount is up to 200.00 EUR")).toBeDefined();
    expect(within(rules).getByText(/1 person: approver · reminds after 1h/)).toBeDefined();
    expect(within(rules).getByText("Fits everything")).toBeDefined();
  });

  it("are changed rule by rule, tried as a draft, and saved as one version", async () => {
    const page = open("policies", {
      answers: {
        "PUT /api/v1/policies": POLICY,
        "POST /api/v1/policies/evaluate": { decision: "deny", rule: "everything-else", in_words: "refund is denied", notes: [], looked: [{ rule: "small-refunds", matches: false, checks: [{ condition: "amount", holds: false, because: "it is 750.00 EUR" }] }] },
      },
    });
    await userEvent.click(await screen.findByRole("button", { name: "small-refunds" }));
    const sheet = await screen.findByRole("dialog");
    const upTo = within(sheet).getByRole("textbox", { name: "up to" });
    await userEvent.clear(upTo);
    await userEvent.type(upTo, "100.00");
    await userEvent.click(within(sheet).getByRole("button", { name: "Take over" }));
    await userEvent.click(await screen.findByRole("button", { name: "Move everything-else up" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Amount" }), "750.00");
    await userEvent.click(screen.getByRole("button", { name: "Try" }));
    expect(await screen.findByText("refund is denied")).toBeDefined();
    const wanted = {
      rules: [POLICY.rules[1], { ...POLICY.rules[0], when: { action_types: ["refund"], amount: { up_to: "100.00", currency: "EUR" } } }],
    };
    expect(written(page, "POST")[0]?.body).toEqual({ action: { action_type: "refund", amount: "750.00", currency: "EUR" }, policy: wanted });
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(written(page, "PUT")[0]?.body).toEqual(wanted));
  });

  it("a rule that was changed is not closed without being asked", async () => {
    open("policies");
    await userEvent.click(await screen.findByRole("button", { name: "small-refunds" }));
    await userEvent.type(await screen.findByRole("textbox", { name: "Reason" }), "because");
    await userEvent.keyboard("{Escape}");
    await userEvent.click(await screen.findByRole("button", { name: "Discard" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(screen.getByText("All changes are saved")).toBeDefined();
  });

  it("that are refused tell each reason with its place", async () => {
    open("policies", {
      answers: {
        "PUT /api/v1/policies": () =>
          jsonAnswer(422, { detail: "must be an approver", errors: [{ field: "rules[0].then.approvers", reason: "must be an approver" }, { field: "rules[1].name", reason: "is there twice" }] }),
      },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Move everything-else up" }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toBe("rules[0].then.approvers must be an approverrules[1].name is there twice");
  });

  it("keep everything that a rule says, when it is edited and left as it was", () => {
    const rule = {
      name: "all",
      when: {
        action_types: ["refund"],
        categories: ["financial"],
        amount: { over: "1.00", up_to: "2.00", currency: "EUR" },
        targets: ["payment-*"],
        environments: ["production"],
        confidence_below: 0.9,
        confidence_at_least: 0.1,
        personas: ["luna"],
        requesters: ["ai"],
        time_window: { days: ["mon"], from: "22:00", to: "06:00", zone: "Europe/Berlin" },
        customer_verified: false,
        outside_guardrails: true,
        break_glass: false,
      },
      then: { decision: "approve", approvers: { count: 2, roles: ["approver", "sre"] }, reason: "why", expires_after: "8h", remind_after: "1h", escalate: { after: "4h", to_roles: ["admin"] } },
    };
    const [read] = policyOf({ version: 1, rules: [rule] }).rules;
    expect(bodyOf([ruleOf(draftOf(read!))])).toEqual({ rules: [rule] });
    expect(conditionsOf(read!)).toHaveLength(13);
  });
});

describe("channels and webhooks", () => {
  it("a new channel's secret is shown once", async () => {
    const page = open("channels", { answers: { "POST /api/v1/channels": { ...CHANNEL, made: { signing_secret: "whsec_abc" } } } });
    await userEvent.click(await screen.findByRole("button", { name: "Add" }));
    const sheet = await screen.findByRole("dialog", { name: "Add a channel" });
    await userEvent.type(within(sheet).getByRole("textbox", { name: "Name" }), "support");
    await userEvent.type(within(sheet).getByRole("textbox", { name: "Addresses" }), "support@acme.example");
    await userEvent.click(within(sheet).getByRole("button", { name: "Add" }));
    const shown = await screen.findByRole("dialog", { name: "The secret of support" });
    expect(within(shown).getByText("whsec_abc")).toBeDefined();
    expect(written(page, "POST")[0]?.body).toEqual({ kind: "email-generic", name: "support", addresses: ["support@acme.example"], settings: {}, enabled: true });
    await userEvent.click(within(shown).getByRole("button", { name: "I have kept it" }));
    await waitFor(() => expect(screen.queryByText("whsec_abc")).toBeNull());
  });

  it("a channel is deleted only by whoever types its name", async () => {
    const page = open("channels", { answers: { "DELETE /api/v1/channels/c-1": null } });
    await userEvent.click(await screen.findByRole("button", { name: "Edit support" }));
    await userEvent.click(await screen.findByRole("button", { name: "Delete the channel" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete support?" });
    const confirm = within(dialog).getByRole("button", { name: "Delete" });
    expect(confirm).toHaveProperty("disabled", true);
    await userEvent.type(within(dialog).getByRole("textbox"), "support");
    await userEvent.click(confirm);
    await waitFor(() => expect(written(page, "DELETE")).toHaveLength(1));
  });

  it("a webhook's new secret is shown, and its deliveries can be sent again", async () => {
    const page = open("webhooks", {
      answers: {
        "POST /api/v1/webhooks/w-1/rotate-secret": { ...HOOK, secret: "whsec_new" },
        "GET /api/v1/webhooks/w-1/deliveries": {
          items: [
            {
              delivery_id: "d-1",
              message_id: "m-1",
              event_type: "approval.requested",
              status: "failed",
              body: JSON.stringify({ said: HOSTILE }),
              attempts: [{ at: "2026-11-20T10:00:00Z", status: 500, duration_ms: 12, answer: HOSTILE }],
              created_at: "2026-11-20T10:00:00Z",
            },
          ],
        },
        "POST /api/v1/webhooks/w-1/deliveries/d-1/replay": {},
      },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Deliveries to https://hooks.example/in" }));
    await userEvent.click(await screen.findByText("approval.requested"));
    const detail = await screen.findByRole("region", { name: "Delivery of approval.requested" });
    expect(within(detail).getByText(HOSTILE)).toBeDefined();
    expect(document.querySelector("img")).toBeNull();
    await userEvent.click(within(detail).getByRole("button", { name: "Send again" }));
    await waitFor(() => expect(written(page, "POST").map(({ path }) => path)).toContain("/api/v1/webhooks/w-1/deliveries/d-1/replay"));
    await userEvent.keyboard("{Escape}");
    await userEvent.click(await screen.findByRole("button", { name: "Edit https://hooks.example/in" }));
    await userEvent.click(await screen.findByRole("button", { name: "Rotate the secret" }));
    await userEvent.click(await screen.findByRole("button", { name: "Rotate" }));
    expect(await screen.findByText("whsec_new")).toBeDefined();
  });

  it("a webhook's address that is refused is marked", async () => {
    open("webhooks", { answers: { "POST /api/v1/webhooks": refused("url", "must begin with https://") } });
    await userEvent.click(await screen.findByRole("button", { name: "Add" }));
    const sheet = await screen.findByRole("dialog", { name: "Add a webhook" });
    const url = within(sheet).getByRole("textbox", { name: "Address" });
    await userEvent.type(url, "http://x{Enter}");
    await waitFor(() => expect(url.getAttribute("aria-invalid")).toBe("true"));
  });
});

describe("the knowledge base", () => {
  it("an article is changed with its version, and what was typed is not lost by accident", async () => {
    const page = open("knowledge", { search: "?id=refunds", answers: { "PUT /api/v1/agent/knowledge/articles/refunds": ARTICLE } });
    const content = await screen.findByRole("textbox", { name: "Content" });
    await userEvent.type(content, " Or more.");
    await userEvent.keyboard("{Escape}");
    const asked = await screen.findByRole("dialog", { name: "Discard what you changed?" });
    await userEvent.click(within(asked).getByRole("button", { name: "Cancel" }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(written(page, "PUT")[0]?.body).toMatchObject({ title: "How refunds work", content: "Ten days. Or more." }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("a file is sent as it is, after it was confirmed", async () => {
    const page = open("knowledge", { answers: { "POST /api/v1/agent/knowledge/articles/bulk": { articles: 3 } } });
    await screen.findByRole("button", { name: "Import" });
    const input = page.container.querySelector<HTMLInputElement>("input[type=file]");
    await userEvent.upload(input!, new File(["[]"], "articles.json", { type: "application/json" }));
    expect(written(page, "POST")).toEqual([]);
    const dialog = await screen.findByRole("dialog", { name: "Import articles.json?" });
    await userEvent.click(within(dialog).getByRole("button", { name: "Import" }));
    expect(await screen.findByText("3 articles are stored")).toBeDefined();
  });

  it("offers a viewer nothing to change", async () => {
    open("knowledge", { roles: ["viewer"] });
    expect(await screen.findByText("How refunds work")).toBeDefined();
    expect(screen.queryByRole("button", { name: "Add" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Import" })).toBeNull();
  });
});

describe("the classifier", () => {
  it("shows how far a training is, and its figures", async () => {
    open("classifier", {
      answers: { "GET /api/v1/agent/classifier": { status: "training", version: 3, progress: 0.42, accuracy: 0.931, macro_f1: 0.9, examples: 1_840, labels: 4, left_out: ["legal"], label_figures: [], confusion: [] } },
    });
    expect((await screen.findByRole("progressbar", { name: "Training" })).getAttribute("aria-valuenow")).toBe("0.42");
    expect(screen.getByText("93.1 %")).toBeDefined();
    expect(screen.getByText(/left out: legal/)).toBeDefined();
    expect(screen.getByRole("button", { name: "Training…" })).toHaveProperty("disabled", true);
  });

  it("all examples are deleted only by whoever types it", async () => {
    const page = open("classifier", {
      answers: { "GET /api/v1/agent/classifier/examples": { items: [{ example_id: "e-1", text: HOSTILE, label: "billing", source: "upload", created_at: "2026-11-20T10:00:00Z" }] }, "DELETE /api/v1/agent/classifier/examples": { removed: 1 } },
    });
    expect(await screen.findByText(HOSTILE)).toBeDefined();
    await userEvent.click(screen.getByRole("button", { name: "Delete…" }));
    await userEvent.click(await screen.findByRole("checkbox", { name: "Corrections by people, too" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete all examples?" });
    const confirm = within(dialog).getByRole("button", { name: "Delete" });
    expect(confirm).toHaveProperty("disabled", true);
    await userEvent.type(within(dialog).getByRole("textbox"), "delete");
    await userEvent.click(confirm);
    await waitFor(() => expect(written(page, "DELETE").map(({ path }) => path)).toEqual(["/api/v1/agent/classifier/examples"]));
  });

  it("neither examples nor training are offered to a viewer", async () => {
    const page = open("classifier", { roles: ["viewer"] });
    expect(await screen.findByText(/Only administrators see the examples/)).toBeDefined();
    expect(screen.queryByRole("button", { name: "Train" })).toBeNull();
    expect(page.asked.some(({ path }) => path.includes("/examples"))).toBe(false);
  });
});

it("an own tool that is not there says why, as text", async () => {
  const page = open("tools");
  expect(await screen.findByText("the address leads into a private network")).toBeDefined();
  expect(screen.getByText(HOSTILE)).toBeDefined();
  expect(page.container.querySelector("img")).toBeNull();
});

describe("who may use a tool", () => {
  const employee = (tools: string[]) => ({ name: "luna", display_name: "Luna", role: "Success", tone: "formal", primary_metric: { name: "satisfaction", unit: "percent" }, tools, languages: ["de"] });
  async function opened(options: Parameters<typeof open>[1] = {}) {
    const page = open("tools", {
      ...options,
      answers: {
        "GET /api/v1/ai/employees": { items: [employee(["process_refund"])] },
        "GET /api/v1/ai/employees/luna": tagged(employee(["process_refund", "check_order_status"])),
        ...options.answers,
      },
    });
    await userEvent.click(await screen.findByRole("button", { name: /^http_stock/ }));
    await screen.findByRole("switch", { name: "Luna" });
    return page;
  }
  const isOn = (name: string) => screen.getByRole("switch", { name }).getAttribute("aria-checked") === "true";

  it("is decided where the tools are, and where those are added is said", async () => {
    const page = await opened({ answers: { "PUT /api/v1/agent/workflow": WORKFLOW } });
    expect(screen.getByText("opsrelay.tools.http.acme")).toBeDefined();
    await waitFor(() => expect(isOn("The workflow")).toBe(false));
    await expectNoViolations(page.container);
    page.answer("GET /api/v1/agent/workflow", tagged({ ...WORKFLOW, mode: "react", tools: [...WORKFLOW.tools, "http_stock"] }));
    await userEvent.click(screen.getByRole("switch", { name: "The workflow" }));
    await waitFor(() => expect(isOn("The workflow")).toBe(true));
    expect(written(page, "PUT").map(({ path, body }) => [path, body])).toEqual([
      ["/api/v1/agent/workflow", expect.objectContaining({ mode: "react", tools: ["process_refund", "reply_to_customer", "http_stock"] })],
    ]);
  });

  it("changes nothing else of an AI employee, not even what is newer than the page", async () => {
    const page = await opened({ answers: { "PUT /api/v1/ai/employees/luna": employee([]) } });
    await userEvent.click(screen.getByRole("switch", { name: "Luna" }));
    expect(await screen.findByText("Luna may use http_stock")).toBeDefined();
    expect(written(page, "PUT")[0]?.body).toMatchObject({ display_name: "Luna", tone: "formal", languages: ["de"], tools: ["process_refund", "check_order_status", "http_stock"] });
  });

  it("says why a change was refused, and shows what stands", async () => {
    await opened({ answers: { "PUT /api/v1/ai/employees/luna": refused("tools", "there is no tool http_old") } });
    await userEvent.click(screen.getByRole("switch", { name: "Luna" }));
    expect(await screen.findByText("tools there is no tool http_old")).toBeDefined();
    expect(isOn("Luna")).toBe(false);
  });

  it("can be seen by a viewer, and not changed", async () => {
    await opened({ roles: ["viewer"] });
    expect(screen.getByRole("switch", { name: "Luna" })).toHaveProperty("disabled", true);
    expect(screen.getByText("Only administrators change this.")).toBeDefined();
  });

  it("is nobody's choice for what every run may always do", async () => {
    open("tools");
    await userEvent.click(await screen.findByRole("button", { name: /^reply_to_customer/ }));
    expect(screen.getByText(/Every run may use it/)).toBeDefined();
    expect(screen.queryByRole("switch")).toBeNull();
  });
});

it("models are told with their price and their state, and can be read by everybody", async () => {
  const page = open("models", {
    roles: ["viewer"],
    answers: { "GET /api/v1/agent/models": { items: [{ name: "fast", provider: "ollama", model: "llama", input_price_usd: 0.1, output_price_usd: 0.4, timeout: "PT30S", breaker: "open" }] } },
  });
  const row = within(await screen.findByRole("region", { name: "Configured models" })).getByRole("row", { name: /fast/ });
  expect(row.textContent).toContain("Ollama");
  expect(row.textContent).toContain("$0.40");
  expect(within(row).getByText("Left alone")).toBeDefined();
  await expectNoViolations(page.container);
});

it("users that another issuer keeps are not shown as an error", async () => {
  open("users", { answers: { "GET /api/v1/users": () => jsonAnswer(404, { detail: "users and their roles are kept by the issuer" }) } });
  expect(await screen.findByText("Users are kept by your identity provider")).toBeDefined();
});

it("a section that cannot be read can be tried again", async () => {
  const page = open("webhooks", { answers: { "GET /api/v1/webhooks": () => jsonAnswer(503, { detail: "approval-service does not answer" }) } });
  expect(await screen.findByText("approval-service does not answer")).toBeDefined();
  page.answer("GET /api/v1/webhooks", { items: [HOOK] });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("https://hooks.example/in")).toBeDefined();
});

describe("canned replies", () => {
  const REPLY = { reply_id: "cr-1", name: "Late parcel", text: `Dear {customer_name}, ${HOSTILE}`, category: "delivery_problem", language: "en" };
  const answers = { "GET /api/v1/canned-replies": { items: [REPLY, { reply_id: "cr-2", name: "Opening hours", text: "Nine to five." }] }, "GET /api/v1/canned-replies/cr-1": tagged(REPLY) };

  it("are listed as text and searched as one types", async () => {
    const page = open("canned-replies", { answers });
    const list = await screen.findByRole("list", { name: "Canned replies" });
    expect(list.textContent).toContain(HOSTILE);
    expect(page.container.querySelector("img")).toBeNull();
    await userEvent.type(screen.getByRole("searchbox"), "NINE");
    await waitFor(() => expect(within(list).getAllByRole("listitem")).toHaveLength(1));
    await userEvent.type(screen.getByRole("searchbox"), "teen");
    expect(await screen.findByText("No canned reply fits")).toBeDefined();
  });

  it("a new one is sent without what was left empty, and why it is refused stands at the field", async () => {
    const page = open("canned-replies", { answers: { "POST /api/v1/canned-replies": refused("text", "has the placeholder {nmae}, which nobody fills in") } });
    await screen.findByText("No canned replies yet");
    await userEvent.click(screen.getByRole("button", { name: "Add" }));
    const sheet = await screen.findByRole("dialog", { name: "Add a canned reply" });
    await userEvent.type(within(sheet).getByRole("textbox", { name: "Name" }), "Hello");
    const text = within(sheet).getByRole("textbox", { name: "Text" });
    await userEvent.type(text, "Dear {{nmae}");
    await userEvent.click(within(sheet).getByRole("button", { name: "Add" }));
    await waitFor(() => expect(text.getAttribute("aria-invalid")).toBe("true"));
    expect(written(page, "POST")[0]?.body).toEqual({ name: "Hello", text: "Dear {nmae}" });
    page.answer("POST /api/v1/canned-replies", REPLY);
    await userEvent.type(within(sheet).getByRole("textbox", { name: "Language" }), "EN");
    await userEvent.click(within(sheet).getByRole("button", { name: "Add" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(written(page, "POST")[1]?.body).toEqual({ name: "Hello", text: "Dear {nmae}", language: "en" });
  });

  it("one is changed, and deleted after it was confirmed", async () => {
    const page = open("canned-replies", { answers: { ...answers, "PUT /api/v1/canned-replies/cr-1": REPLY, "DELETE /api/v1/canned-replies/cr-1": {} } });
    await userEvent.click(await screen.findByRole("button", { name: "Edit Late parcel" }));
    const name = await screen.findByRole("textbox", { name: "Name" });
    await expectNoViolations(screen.getByRole("dialog"));
    await userEvent.type(name, "s");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(written(page, "PUT")[0]?.body).toMatchObject({ name: "Late parcels", category: "delivery_problem" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await userEvent.click(screen.getByRole("button", { name: "Edit Late parcel" }));
    await userEvent.click(await screen.findByRole("button", { name: "Delete the canned reply" }));
    await userEvent.click(within(await screen.findByRole("dialog", { name: /^Delete “Late parcel”/ })).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(written(page, "DELETE")).toHaveLength(1));
    expect(page.location()).toBe("/settings/canned-replies");
  });

  it("can be read and not changed by an agent", async () => {
    open("canned-replies", { answers, roles: ["agent"] });
    await userEvent.click(await screen.findByRole("button", { name: "Show Late parcel" }));
    expect((await screen.findByRole("textbox", { name: "Text" })).matches(":disabled")).toBe(true);
    expect(screen.queryByRole("button", { name: "Add" })).toBeNull();
    expect(screen.queryByRole("button", { name: /Delete/ })).toBeNull();
  });

  it("one that is gone says so", async () => {
    const page = open("canned-replies", { search: "?id=cr-9", answers: { ...answers, "GET /api/v1/canned-replies/cr-9": () => jsonAnswer(404, { detail: "there is no canned reply cr-9" }) } });
    const dialog = await screen.findByRole("dialog", { name: "This canned reply cannot be shown" });
    expect(dialog.textContent).toContain("there is no canned reply cr-9");
    await userEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(page.location()).toBe("/settings/canned-replies"));
  });
});
