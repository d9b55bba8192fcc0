// How the dashboard holds up while very much happens: frames a second, long tasks, memory, and how fast it begins. Its
// data comes from a running system, its events are played here. See docs/benchmarks.md.
//   node performance.mjs [--url http://127.0.0.1:8080] [--dist ../../../realtime-gateway/dashboard/dist]
//     [--pages /,/tickets] [--rate 200] [--seconds 120] [--loads 5] [--check]
// --check: exit status 1 if an aim is missed.
import { writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { launch, live, open, PATIENCE_MS, signIn } from "./lib.mjs";
import { Played, stage } from "./stage.mjs";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: process.env["OPSRELAY_URL"] ?? `http://127.0.0.1:${process.env["OPSRELAY_PORT"] ?? 8080}` },
    dist: { type: "string", default: fileURLToPath(new URL("../../../realtime-gateway/dashboard/dist", import.meta.url)) },
    pages: { type: "string", default: "/,/tickets" },
    rate: { type: "string", default: "200" },
    seconds: { type: "string", default: "120" },
    loads: { type: "string", default: "5" },
    user: { type: "string", default: "admin@acme.example" },
    password: { type: "string", default: "demo" },
    trace: { type: "string" },
    check: { type: "boolean", default: false },
  },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const AIM = { fps: 50, interactiveMs: 1_000, growthMiB: 10 };
const WARM_UP_MS = 10_000;
const IDLE_MS = 8_000;
const MiB = 1024 * 1024;

const played = new Played();
const host = await stage({ dist: values.dist, gateway: values.url, played });
const browser = await launch("--enable-precise-memory-info");
const missed = [];
const chunks = [];
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.addInitScript(watch);
  const debug = await context.newCDPSession(page);
  await page.goto(host.url);
  await signIn(page, values.user, values.password);
  await live(page);

  console.log(`${cpus().length} × ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}, ${browser.version()}, ${new Date().toISOString()}`);
  await loads(page, debug);
  for (const path of values.pages.split(",")) {
    await busy(page, debug, path);
  }
} finally {
  await browser.close();
  host.close();
}
if (values.check && missed.length > 0) {
  console.error(`missed: ${missed.join("; ")}`);
  process.exit(1);
}

/** Runs in the page, before anything else does. */
function watch() {
  const seen = { frames: [], long: [], interactive: null, live: null };
  window.__seen = seen;
  let last = null;
  const frame = (now) => {
    if (last !== null) {
      seen.frames.push(now - last);
    }
    last = now;
    if (seen.interactive === null && document.querySelector("h1[data-page-heading]") !== null) {
      seen.interactive = now;
    }
    if (seen.live === null && [...document.querySelectorAll('[role="status"]')].some((each) => each.textContent === "Live")) {
      seen.live = now;
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => seen.long.push(duration))).observe({
    type: "longtask",
  });
}

/** From the address to a page that has its heading and answers, signed in by cookie; on loopback. */
async function loads(page, debug) {
  for (const cached of [false, true]) {
    await debug.send("Network.enable");
    await debug.send("Network.setCacheDisabled", { cacheDisabled: !cached });
    const interactive = [];
    const connected = [];
    for (let i = 0; i < Number(values.loads); i++) {
      await page.goto(host.url);
      await page.waitForFunction(() => window.__seen.live !== null && window.__seen.interactive !== null);
      const seen = await page.evaluate(() => window.__seen);
      interactive.push(seen.interactive);
      connected.push(seen.live);
    }
    const [page50, live50] = [percentile(interactive, 50), percentile(connected, 50)];
    console.log(
      `load, ${cached ? "again  " : "no cache"}: page p50 ${page50.toFixed(0)} ms, slowest ${Math.max(...interactive).toFixed(0)} ms; ` +
        `live p50 ${live50.toFixed(0)} ms`,
    );
    aim(page50 < AIM.interactiveMs, `load ${page50.toFixed(0)} ms`);
  }
  await debug.send("Network.setCacheDisabled", { cacheDisabled: false });
}

async function busy(page, debug, path) {
  await open(page, path);
  const quiet = await idle(page);
  played.play(rate);
  await page.waitForTimeout(WARM_UP_MS); // lists are full by then, and code compiled
  const before = await memory(debug);
  await page.evaluate(() => {
    window.__seen.frames.length = 0;
    window.__seen.long.length = 0;
  });
  const cpuBefore = await spent(debug);
  const sent = played.sent;
  const began = Date.now();
  if (values.trace !== undefined) {
    await startTrace(debug);
  }
  await page.waitForTimeout(seconds * 1_000);
  const took = (Date.now() - began) / 1_000;
  const { frames, long } = await page.evaluate(() => window.__seen);
  const cpu = await spent(debug);
  const events = played.sent - sent;
  if (values.trace !== undefined) {
    await stopTrace(debug, `${values.trace}${path.replaceAll("/", "-")}.json`);
  }
  played.stop();
  const after = await memory(debug);
  const perSecond = fps(frames);
  const growth = (after.heap - before.heap) / MiB;
  const share = (name) => (((cpu[name] - cpuBefore[name]) / took) * 100).toFixed(0);
  console.log(
    `${path} at ${(events / took).toFixed(0)} events/s for ${took.toFixed(0)} s:\n` +
      `  frames a second p5 ${percentile(perSecond, 5).toFixed(0)}, p50 ${percentile(perSecond, 50).toFixed(0)}, ` +
      `least ${Math.min(...perSecond).toFixed(0)} (before, without events: p50 ${percentile(quiet, 50).toFixed(0)}); slowest frame ${Math.max(...frames).toFixed(0)} ms, p99 ${percentile(frames, 99).toFixed(0)} ms\n` +
      `  ${long.length} long tasks${long.length > 0 ? `, longest ${Math.max(...long).toFixed(0)} ms` : ""}\n` +
      `  of the main thread: tasks ${share("TaskDuration")} %, script ${share("ScriptDuration")} %, ` +
      `style ${share("RecalcStyleDuration")} %, layout ${share("LayoutDuration")} %\n` +
      `  heap ${(before.heap / MiB).toFixed(1)} -> ${(after.heap / MiB).toFixed(1)} MiB, nodes ${before.nodes} -> ${after.nodes}, ` +
      `listeners ${before.listeners} -> ${after.listeners}`,
  );
  aim(percentile(perSecond, 5) > AIM.fps, `${path}: ${percentile(perSecond, 5).toFixed(0)} frames a second`);
  aim(growth < AIM.growthMiB, `${path}: ${growth.toFixed(1)} MiB more`);
}

/** What this machine can do at all at the moment: frames a second of the same page while nothing happens. */
async function idle(page) {
  await page.waitForTimeout(2_000);
  await page.evaluate(() => (window.__seen.frames.length = 0));
  await page.waitForTimeout(IDLE_MS);
  return fps(await page.evaluate(() => window.__seen.frames));
}

/** After everything that can go has gone. */
async function memory(debug) {
  await debug.send("HeapProfiler.enable");
  await debug.send("HeapProfiler.collectGarbage");
  const { usedSize } = await debug.send("Runtime.getHeapUsage");
  const { nodes, jsEventListeners } = await debug.send("Memory.getDOMCounters");
  await debug.send("HeapProfiler.disable");
  return { heap: usedSize, nodes, listeners: jsEventListeners };
}

/** Seconds of the main thread so far, by what they went into. */
async function spent(debug) {
  await debug.send("Performance.enable");
  const { metrics } = await debug.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** Frames in each full second. */
function fps(frames) {
  const counts = [];
  let [time, count] = [0, 0];
  for (const frame of frames) {
    time += frame;
    count++;
    while (time >= 1_000) {
      counts.push(count);
      time -= 1_000;
      count = 0;
    }
  }
  return counts;
}

function percentile(numbers, percent) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}

function aim(reached, what) {
  if (!reached) {
    missed.push(what);
  }
}

async function startTrace(debug) {
  chunks.length = 0;
  debug.on("Tracing.dataCollected", ({ value }) => chunks.push(...value));
  await debug.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["devtools.timeline", "disabled-by-default-v8.cpu_profiler", "blink.user_timing"] },
  });
}

async function stopTrace(debug, path) {
  const ended = new Promise((resolve) => debug.once("Tracing.tracingComplete", resolve));
  await debug.send("Tracing.end");
  await ended;
  await writeFile(path, JSON.stringify({ traceEvents: chunks }));
}
