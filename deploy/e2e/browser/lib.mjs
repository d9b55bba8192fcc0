// What the scripts in this folder have in common.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { connect, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

export const PATIENCE_MS = Number(process.env["PATIENCE_MS"] ?? 60_000);

/** Every page of the dashboard, in the sidebar's order; `ticket` and `customer` stand for ids. */
export const routesOf = ({ ticket, customer }) => [
  { name: "home", path: "/" },
  { name: "tickets", path: "/tickets" },
  { name: "new-ticket", path: "/tickets/new" },
  ...(ticket === undefined ? [] : [{ name: "ticket", path: `/tickets/${ticket}` }]),
  { name: "approvals", path: "/approvals" },
  { name: "operations", path: "/operations" },
  { name: "ai", path: "/ai" },
  { name: "metrics", path: "/metrics" },
  { name: "customers", path: "/customers" },
  ...(customer === undefined ? [] : [{ name: "customer", path: `/customers/${customer}` }]),
  { name: "settings", path: "/settings" },
  { name: "wallboard", path: "/wallboard" },
];

export function required(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
}

/** The system's Chromium: CHROMIUM, or the first that is found. */
export function browserPath() {
  const chosen = process.env["CHROMIUM"];
  if (chosen) {
    return chosen;
  }
  const folders = ["/usr/bin", ...(process.env["PATH"] ?? "").split(delimiter)];
  const found = folders
    .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome", "chrome"].map((name) => join(folder, name)))
    .find(isExecutable);
  assert.ok(found, "no browser was found: install chromium, or set CHROMIUM to the path of one");
  return found;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function launch(...args) {
  return chromium.launch({
    executablePath: browserPath(),
    // Chromium's sandbox refuses root, which is who runs tests in many containers.
    args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-dev-shm-usage", ...args],
  });
}

export async function signIn(page, user, password = "demo") {
  await page.getByLabel("E-mail").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** As what the pill in the top bar says: Live, API, Offline. */
export const pill = (page, text) => page.getByRole("status").filter({ hasText: new RegExp(`^${text}$`) });

export const live = (page) => pill(page, "Live").first().waitFor();

/** Opens a page of the dashboard without loading it anew: a reload costs a sign-in by cookie. */
export async function open(page, path) {
  await page.evaluate((to) => {
    window.history.pushState(null, "", to);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  await page.waitForFunction((to) => window.location.pathname === to.split("?")[0], path);
  await settled(page);
  assert.equal(await page.getByRole("heading", { name: "This page has failed" }).count(), 0, `${path} has failed`);
}

/** Until nothing says that it is loading: the page's chunk, its skeletons. */
export async function settled(page) {
  await page.locator("h1, [data-wallboard], main").first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"], [role="status"][aria-label="Loading"]') === null);
}

/** Until what has changed is on the screen. */
export const drawn = (page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** Somebody who asks the API, for what a test needs to be there. */
export async function person(base, user, password = "demo") {
  const ask = async (path, init = {}) => {
    const answer = await fetch(new URL(path, base), init);
    const text = await answer.text();
    assert.ok(answer.ok, `${init.method ?? "GET"} ${path}: ${answer.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
  const json = { "Content-Type": "application/json" };
  const { access_token: token } = await ask("/api/v1/auth/token", {
    method: "POST",
    headers: json,
    body: JSON.stringify({ username: user, password }),
  });
  const headers = { ...json, Authorization: `Bearer ${token}` };
  return {
    get: (path) => ask(path, { headers }),
    /** The same key again is the same request again, should the answer have been lost. */
    post: (path, body, key = randomUUID()) =>
      ask(path, { method: "POST", headers: { ...headers, "Idempotency-Key": key }, body: JSON.stringify(body) }),
  };
}

/** Another address of the same server, which can be taken away. */
export async function relay(target) {
  const { hostname, port } = new URL(target);
  const open = new Set();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const [one, other] of [[near, far], [far, near]]) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    isCut = true;
    open.forEach((each) => each.destroy());
  };
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut,
    mend: () => {
      isCut = false;
    },
    close: () => {
      cut();
      server.close();
    },
  };
}
