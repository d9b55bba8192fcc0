// A person signs in, sees events arrive as they happen, and approves a refund. Run by DashboardIT.
import assert from "node:assert/strict";
import { join } from "node:path";
import { chromium } from "playwright-core";

const base = required("OPSRELAY_URL");
const order = required("OPSRELAY_ORDER");
const screenshots = required("SCREENSHOTS");
const PATIENCE_MS = 60_000;

const browser = await chromium.launch({
  executablePath: required("CHROMIUM"),
  // Chromium's sandbox refuses root, which is who runs tests in many containers.
  args: process.getuid?.() === 0 ? ["--no-sandbox", "--disable-dev-shm-usage"] : ["--disable-dev-shm-usage"],
});
const complaints = [];
let page;
try {
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    // The one refused sign-in below is meant, and the browser logs it.
    if (message.type() === "error" && !message.text().includes("401")) {
      complaints.push(`console: ${message.text()} (${message.location().url})`);
    }
  });

  step("a wrong password is told");
  await page.goto(base);
  await signIn("admin@acme.example", "wrong");
  await page.getByRole("alert").first().waitFor();

  step("signing in leads to the live page");
  await signIn("admin@acme.example", "demo");
  await page.getByText("Live", { exact: true }).first().waitFor();
  await page.screenshot({ path: join(screenshots, "dashboard-empty.png") });

  step("a posted ticket's events arrive while one watches");
  await page.getByLabel("Subject").fill("Broken lamp");
  await page.getByLabel("Body").fill(`The lamp came in pieces, I want my money back. Order ${order}`);
  await page.getByLabel("Customer e-mail").fill("mary.major@example.org");
  await page.getByRole("button", { name: "Post ticket" }).click();
  await page.getByText("Accepted").waitFor();
  await event(/^Ticket received/);
  await event(/^Ticket classified/);

  step("the refund waits for a person, with what it would do");
  const card = page.getByRole("listitem", { name: "Refund" }).filter({ hasText: order });
  await card.waitFor();
  assert.match(await card.innerText(), /25\.00/);
  await page.screenshot({ path: join(screenshots, "dashboard-approval.png") });

  step("it is approved and carried out");
  await card.getByRole("button", { name: "Approve" }).click();
  await card.getByLabel(/^Reason/).fill("the photo shows it");
  await card.getByRole("button", { name: "Confirm approval" }).click();
  await event(/^Action succeeded/);
  await event(/^Ticket resolved/);
  await card.waitFor({ state: "detached" });
  await page.screenshot({ path: join(screenshots, "dashboard.png") });

  assert.deepEqual(complaints, [], "the page complained");
  step("done");
} catch (failure) {
  await page?.screenshot({ path: join(screenshots, "dashboard-failed.png") }).catch(() => {});
  complaints.forEach((complaint) => console.error(complaint));
  throw failure;
} finally {
  await browser.close();
}

async function signIn(user, password) {
  await page.getByLabel("E-mail").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Waits for a row of the list of events. */
async function event(name) {
  await page
    .getByRole("list", { name: "Events, newest first" })
    .getByRole("button", { name })
    .first()
    .waitFor();
}

function step(text) {
  console.log(`browser: ${text}`);
}

function required(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
}
