// Pictures of every page in light and dark, and a page that shows them, from a running system with something in it
// (./opsrelay demo). Run by ./opsrelay screenshots.
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { drawn, launch, live, open, person, routesOf, settled, signIn } from "./lib.mjs";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: process.env["OPSRELAY_URL"] ?? `http://127.0.0.1:${process.env["OPSRELAY_PORT"] ?? 8080}` },
    out: { type: "string", default: fileURLToPath(new URL("../../../docs/images/dashboard", import.meta.url)) },
    user: { type: "string", default: "admin@acme.example" },
    password: { type: "string", default: "demo" },
    ticket: { type: "string" },
  },
});
const THEMES = ["light", "dark"];
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };
/** What a repository is expected to carry, in bytes. */
const MOST_OF_ONE = 300 * 1024;
const MOST_OF_ALL = 4 * 1024 * 1024;

const api = await person(values.url, values.user, values.password);
const items = async (path) => (await api.get(path)).items ?? [];
// One that waits for a person shows the most.
const [waiting] = await items("/api/v1/approvals?status=pending&limit=1");
const [newest] = await items("/api/v1/tickets?limit=1");
const [customer] = await items("/api/v1/customers?limit=1");
const routes = routesOf({
  ticket: values.ticket ?? waiting?.ticket_id ?? newest?.ticket_id,
  customer: customer?.customer_id,
});

await mkdir(values.out, { recursive: true });
const browser = await launch("--force-color-profile=srgb", "--font-render-hinting=none");
let total = 0;
const shown = [];
try {
  const page = await browser.newPage({ viewport: DESK, reducedMotion: "reduce" });
  page.setDefaultTimeout(60_000);
  await page.goto(values.url);
  await page.getByLabel("Password").waitFor();
  await both(page, "sign-in");
  await signIn(page, values.user, values.password);
  await live(page);
  for (const { name, path } of routes) {
    await page.setViewportSize(DESK);
    await open(page, path);
    await quiet(page);
    await both(page, name);
    if (["home", "tickets", "ticket", "approvals"].includes(name)) {
      await page.setViewportSize(PHONE);
      await settled(page);
      await picture(page, `${name}-phone`);
    }
  }
} finally {
  await browser.close();
}
await writeFile(
  join(values.out, "README.md"),
  `# The dashboard's pages\n\nMade by \`./opsrelay screenshots\`.\n\n| page | light | dark |\n| --- | --- | --- |\n${shown
    .map((name) => `| ${name} | ![${name}](${name}-light.png) | ![${name}, dark](${name}-dark.png) |\n`)
    .join("")}`,
);
console.log(`${(total / 1024 / 1024).toFixed(1)} MiB in ${values.out}`);
if (total > MOST_OF_ALL) {
  throw new Error(`more than ${MOST_OF_ALL} bytes in all`);
}

async function both(page, name) {
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    await picture(page, `${name}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  shown.push(name);
}

/** Until what the page asked for has been answered and drawn. */
async function quiet(page) {
  await page.waitForLoadState("networkidle", { timeout: 5_000 }).catch(() => undefined);
  await settled(page);
  // Charts come with a chunk of their own. A picture of what still loads would be none.
  await page.waitForFunction(() => document.querySelector("span.animate-breathe") === null, null, { timeout: 30_000 });
}

async function picture(page, name) {
  const path = join(values.out, `${name}.png`);
  const fresh = `${path}.new.png`;
  // Charts are drawn in the frame after the theme changed.
  await drawn(page);
  await page.screenshot({ path: fresh, animations: "disabled", caret: "hide" });
  const { size } = await stat(fresh);
  if (size > MOST_OF_ONE) {
    await rm(fresh);
    throw new Error(`${name} has ${size} bytes; ${MOST_OF_ONE} are allowed`);
  }
  await rename(fresh, path);
  total += size;
  console.log(`${String(Math.round(size / 1024)).padStart(5)} KiB  ${name}`);
}
