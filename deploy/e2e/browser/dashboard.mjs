// The dashboard in a real browser, against a whole running system. Run by DashboardIT; by hand:
//   OPSRELAY_URL=http://127.0.0.1:8080 node dashboard.mjs
// What only the one who started the system can do (end a process) is asked for on standard output, one line of
// "please: ...", and waited for on standard input. By hand nobody answers; then the browser comes by a relay, which is cut.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { drawn, launch, live, open, PATIENCE_MS, person, pill, relay, required, routesOf, settled, signIn } from "./lib.mjs";

const isAnswered = process.env["OPSRELAY_ANSWERS"] === "true";
const gateway = required("OPSRELAY_URL");
const way = isAnswered ? null : await relay(gateway);
const base = way?.url ?? gateway;
const [order, secondOrder] = (process.env["OPSRELAY_ORDERS"] ?? "A-1019,A-1030").split(",");
const screenshots = process.env["SCREENSHOTS"] ?? ".";
const MARY = "mary.major@example.org";
/** Makes this run's rows its own, on a system that has others. */
const run = Date.now().toString(36);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const browser = await launch();
const complaints = [];
/** What the page may say while it is taken apart on purpose. */
let isDisturbed = false;
let page;
const began = Date.now();
const answers = isAnswered ? createInterface({ input: process.stdin })[Symbol.asyncIterator]() : null;
try {
  const acme = await newWindow();
  page = acme;
  const agent = await person(gateway, "agent@acme.example");

  step("a wrong password is told");
  isDisturbed = true;
  await page.goto(base);
  await signIn(page, "admin@acme.example", "wrong");
  await page.getByRole("alert").first().waitFor();
  isDisturbed = false;

  step("signing in leads to the live page, and a reload stays there");
  await signIn(page, "admin@acme.example");
  await live(page);
  await page.screenshot({ path: join(screenshots, "dashboard-empty.png") });
  await page.reload();
  await live(page);
  assert.equal(await page.getByLabel("Password").count(), 0);

  step("hostile tickets are on every list from here on, and do nothing");
  const hostile = await postHostileTickets(agent);

  step("a ticket is posted, and moves while one watches");
  await goTo("New ticket");
  const subject = `Broken lamp ${run}`;
  await page.getByLabel("Subject").fill(subject);
  await page.getByRole("textbox", { name: /^(Body|Message)/ }).fill(`The lamp came in pieces, I want my money back. Order ${order}`);
  await page.getByLabel(/^Customer('s)? e-mail/).fill(MARY);
  const accepted = page.waitForResponse((response) => response.url().endsWith("/api/v1/tickets") && response.status() === 202);
  await page.locator("form").filter({ has: page.getByLabel("Subject") }).locator('button[type="submit"]').click();
  const { ticket_id: ticket } = await (await accepted).json();
  await goTo("Tickets");
  await row(subject).filter({ hasText: /awaiting approval/i }).waitFor();

  step("the refund waits for a person, with what it would do");
  await goTo("Approvals");
  const request = await openApproval(order);
  assert.match(await request.innerText(), /25\.00/);
  await page.screenshot({ path: join(screenshots, "dashboard-approval.png") });

  step("it is approved and carried out, and the ticket moves on by itself");
  await request.getByRole("button", { name: /^Approve/ }).click();
  await page.getByLabel(/^Reason/).fill("the photo shows it");
  const confirm = page.getByRole("button", { name: "Confirm approval" });
  await confirm.click();
  await confirm.waitFor({ state: "detached" });
  await goTo("Tickets");
  await row(subject).filter({ hasText: /resolved/i }).waitFor();
  await page.screenshot({ path: join(screenshots, "dashboard.png") });

  step("its page tells what was done");
  await open(page, `/tickets/${ticket}`);
  await page.getByText(/resolved/i).first().waitFor();

  step("another is approved by keys alone");
  await agent.post("/api/v1/tickets", {
    subject: `Torn shade ${run}`,
    body: `The shade is torn, I want my money back. Order ${secondOrder}`,
    customer_email: MARY,
  });
  await page.locator("body").press("g");
  await page.keyboard.press("a");
  await page.getByRole("heading", { level: 1, name: "Approvals" }).waitFor();
  await approveByKeys(secondOrder);

  await restartAService();

  step("two clients in two windows never see each other");
  await twoClients(agent);

  step("a gateway is lost and comes back, and no row is lost or doubled");
  await loseTheGateway(agent);

  step("every page: no violation in either theme, nothing to scroll sideways at 360 px");
  const { items: customers } = await agent.get("/api/v1/customers?limit=1").catch(() => ({ items: [] }));
  await everyPage(routesOf({ ticket: hostile[0], customer: customers[0]?.customer_id }));

  assert.deepEqual(complaints, [], "the page complained");
  step("done");
} catch (failure) {
  await page?.screenshot({ path: join(screenshots, "dashboard-failed.png") }).catch(() => {});
  complaints.forEach((complaint) => console.error(complaint));
  throw failure;
} finally {
  await browser.close();
  answers?.return?.();
  way?.close();
}
// Whoever started this holds its standard input open, which would keep it alive.
process.exit();

// --- Windows --------------------------------------------------------------------------------------------------------

/** A window of its own, with its own cookies, that tells whatever is wrong in it. */
async function newWindow() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  const own = await context.newPage();
  own.setDefaultTimeout(PATIENCE_MS);
  own.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
  own.on("console", (message) => {
    // A refused or failed request is logged by the browser, and those of a disturbance are meant.
    if (message.type() === "error" && !isDisturbed) {
      complaints.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  own.on("dialog", (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  // Nothing that a customer wrote may make the browser ask anybody for anything.
  own.on("request", (sent) => {
    if (!sent.url().startsWith(base) && !/^(data|blob):/.test(sent.url())) {
      complaints.push(`a request to ${sent.url()}`);
    }
  });
  own.on("popup", (popup) => complaints.push(`a window: ${popup.url()}`));
  return own;
}

async function goTo(name) {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: new RegExp(`^${name}`) }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** The row of the list of tickets. */
function row(subject, of = page) {
  return of.getByRole("row").filter({ hasText: subject });
}

// --- Approvals ------------------------------------------------------------------------------------------------------

/** Opens the request that names the order; the result is where it stands in full. */
async function openApproval(wanted) {
  const item = page.getByRole("listitem").filter({ hasText: wanted }).first();
  await item.waitFor();
  const opener = item.locator("button[data-approval]");
  if ((await opener.count()) > 0) {
    await opener.click();
    const detail = page.getByRole("article").filter({ hasText: wanted });
    await detail.waitFor();
    return detail;
  }
  return item;
}

async function approveByKeys(wanted) {
  const items = page.getByRole("list", { name: /^Pending approvals/ });
  await items.getByRole("listitem").filter({ hasText: wanted }).waitFor();
  const current = items.locator('button[aria-current="true"]').filter({ hasText: wanted });
  for (let steps = await items.getByRole("listitem").count(); steps > 0 && (await current.count()) === 0; steps--) {
    await page.keyboard.press("k"); // up to the first, then down
  }
  for (let steps = await items.getByRole("listitem").count(); steps > 0 && (await current.count()) === 0; steps--) {
    await page.keyboard.press("j");
  }
  await current.waitFor();
  await page.keyboard.press("a");
  const confirm = page.getByRole("button", { name: "Confirm approval" });
  await confirm.waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent?.includes("Confirm"));
  await page.keyboard.press("Enter");
  await confirm.waitFor({ state: "detached" });
  await current.waitFor({ state: "detached" });
}

// --- Operations -----------------------------------------------------------------------------------------------------

async function restartAService() {
  step("a service is restarted, after its effect was shown");
  await goTo("Operations");
  await page.getByRole("button", { name: "New action" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("radio", { name: /^Restart/ }).first().check();
  await sheet.getByLabel("Service").fill("agent-service");
  await sheet.getByLabel("Reason").fill(`browser test ${run}`);
  await sheet.getByRole("button", { name: "Show the effect" }).click();
  await sheet.getByText("Nothing was changed yet", { exact: false }).waitFor();
  // What is asked of the service meanwhile is refused.
  isDisturbed = true;
  await sheet.getByRole("button", { name: /agent-service$/ }).click();
  await restarted(await person(gateway, "admin@acme.example"));
  await page.getByText(/succeeded/i).first().waitFor();
  isDisturbed = false;
  await page.keyboard.press("Escape");
}

async function restarted(admin) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const { items } = await admin.get("/api/v1/actions?limit=50");
    const restart = items.find(({ action_type: type }) => type === "restart_deployment");
    if (restart?.status === "succeeded") {
      return;
    }
    assert.ok(Date.now() < end, `the restart is ${restart?.status ?? "not there"}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

// --- Two clients ----------------------------------------------------------------------------------------------------

async function twoClients(agent) {
  const other = await newWindow();
  const heard = [];
  other.on("response", async (response) => {
    if (response.url().includes("/api/")) {
      heard.push(await response.text().catch(() => ""));
    }
  });
  other.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => heard.push(String(payload))));
  await other.goto(base);
  await signIn(other, "admin@globex.example");
  await live(other);
  await open(other, "/tickets");
  await open(page, "/tickets");
  const globex = await person(gateway, "agent@globex.example");
  const question = (subject) => ({ subject, body: "How long do refunds take?", customer_email: MARY });
  const mine = `Acme's own ${run}`;
  const theirs = `Globex's own ${run}`;
  const { ticket_id: mineId } = await agent.post("/api/v1/tickets", question(mine));
  const { ticket_id: theirsId } = await globex.post("/api/v1/tickets", question(theirs));
  // Each has come to its end where it belongs: what was to be sent to the other had been sent by then.
  await row(mine).filter({ hasText: /resolved|escalated/i }).waitFor();
  await row(theirs, other).filter({ hasText: /resolved|escalated/i }).waitFor();
  assert.equal(await row(theirs).count(), 0);
  assert.equal(await row(mine, other).count(), 0);
  const everything = heard.join("\n");
  assert.ok(everything.includes(theirsId), "the other window was listened to");
  assert.ok(!everything.includes(mineId) && !everything.includes(mine), "globex was told of acme's ticket");
  isDisturbed = true; // an address of another client is refused, and the browser logs that
  await open(other, `/tickets/${mineId}`);
  await other.getByRole("alert").or(other.getByText(/no (such )?ticket|not found|could not be found/i)).first().waitFor();
  assert.ok(!(await other.locator("body").innerText()).includes(mine));
  isDisturbed = false;
  await other.context().close();
}

// --- A gateway is lost ----------------------------------------------------------------------------------------------

async function loseTheGateway(agent) {
  await open(page, "/tickets");
  const lamp = (number) => ({
    subject: `Lost lamp ${number} of ${run}`,
    body: "How long do refunds take?",
    customer_email: MARY,
  });
  const number = (i) => row(`Lost lamp ${i} of ${run}`);
  for (const i of [1, 2, 3]) {
    await agent.post("/api/v1/tickets", lamp(i));
  }
  await number(3).waitFor();
  isDisturbed = true;
  if (isAnswered) {
    await please("kill realtime-gateway");
  } else {
    way.cut();
  }
  await pill(page, "(API|Offline)").first().waitFor();
  assert.ok(await number(3).isVisible(), "what was known stays on the page");
  await agentsTurn(agent, lamp(4));
  way?.mend();
  await page.getByRole("button", { name: "Refresh" }).first().click();
  await live(page);
  isDisturbed = false;
  await agent.post("/api/v1/tickets", lamp(5));
  for (const i of [5, 4, 3, 2, 1]) {
    await number(i).first().waitFor();
  }
  await number(5).filter({ hasText: /resolved|escalated/i }).waitFor();
  for (const i of [1, 2, 3, 4, 5]) {
    assert.equal(await number(i).count(), 1, `ticket ${i} stands there once`);
  }
}

/** Posts as soon as there is a gateway again. */
async function agentsTurn(agent, ticket) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await agent.post("/api/v1/tickets", ticket, `turn-${run}`);
    } catch (failure) {
      if (Date.now() > end) {
        throw failure;
      }
      await page.waitForResponse((response) => response.url().includes("/api/"), { timeout: 2_000 }).catch(() => null);
    }
  }
}

/** Asks whoever started the system. */
async function please(what) {
  console.log(`please: ${what}`);
  const { value } = await answers.next();
  assert.equal(value, "done", `${what}: ${value}`);
}

// --- Hostile tickets ------------------------------------------------------------------------------------------------

async function postHostileTickets(agent) {
  const canary = "https://canary.invalid/";
  const script = `window.__canary=1;fetch('${canary}')`;
  const texts = [
    `<img src="${canary}a.png" onerror="${script}"><script>${script}</script>`,
    `<svg onload="${script}"><a xlink:href="javascript:${script}"><text>x</text></a></svg>`,
    `"><iframe srcdoc="<script>parent.${script}</script>"></iframe>`,
    `javascript:${script} [click](javascript:${script}) <a href="javascript:${script}" target="_blank">${canary}</a>`,
    `{{constructor.constructor('${script}')()}} \${${script}} </textarea></title><style>@import '${canary}'</style>`,
    "\u202Egnp.exe\u202C \u0000".replace("\u0000", "") + "a".repeat(150),
  ];
  const ids = [];
  for (const [i, text] of texts.entries()) {
    const { ticket_id: id } = await agent.post("/api/v1/tickets", {
      subject: text.slice(0, 200),
      body: `${text}\n\n${texts.join("\n")}`,
      customer_email: `canary-${i}@example.org`,
    });
    ids.push(id);
  }
  return ids;
}

// --- Every page -----------------------------------------------------------------------------------------------------

async function everyPage(routes) {
  // By the debugger: the page's policy lets no element add a script.
  const debug = await page.context().newCDPSession(page);
  await debug.send("Runtime.evaluate", { expression: axe });
  const faults = [];
  for (const { name, path } of routes) {
    await theme("light");
    await page.setViewportSize({ width: 1440, height: 900 });
    await open(page, path);
    faults.push(...(await check(name, "light")));
    // A theme changes colours only.
    await theme("dark");
    faults.push(...(await check(name, "dark", ["color-contrast"])));
    await page.setViewportSize({ width: 360, height: 740 });
    await page.waitForFunction(() => window.innerWidth === 360);
    await settled(page);
    const wide = await page.evaluate(() =>
      document.documentElement.scrollWidth <= 360
        ? []
        : [...document.querySelectorAll("body *")]
            .filter((each) => each.getBoundingClientRect().right > 361)
            .slice(-3)
            .map((each) => each.outerHTML.slice(0, 160)),
    );
    faults.push(...wide.map((element) => `${name} is wider than a phone: ${element}`));
    assert.equal(await page.evaluate(() => window.__canary), undefined, `${name} ran what a customer wrote`);
    assert.equal(await page.locator('a[href^="javascript:"], iframe:not([sandbox]), img[src*="canary"]').count(), 0, name);
  }
  assert.deepEqual(faults, [], "what is wrong with the pages");
}

/** The colours are those of the theme once the next frame is drawn. */
async function theme(colorScheme) {
  await page.emulateMedia({ colorScheme });
  await drawn(page);
}

async function check(name, look, rules) {
  const violations = await page.evaluate(
    async (only) => {
      const { violations: found } = await window.axe.run(document, {
        resultTypes: ["violations"],
        ...(only === undefined ? {} : { runOnly: { type: "rule", values: only } }),
      });
      return found
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(" | ")}`);
    },
    rules,
  );
  return violations.map((violation) => `${name}, ${look}: ${violation}`);
}

function step(text) {
  console.log(`browser: ${((Date.now() - began) / 1_000).toFixed(1).padStart(5)} s  ${text}`);
}
