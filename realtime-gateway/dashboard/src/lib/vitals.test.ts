// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Vitals, type Measure } from "./vitals";

type Callback = (list: { getEntries: () => object[] }) => void;

let tell: Map<string, Callback>;
let sent: Measure[][];
let token: string | null;
let stop: () => void;
let vitals: Vitals;

class FakeObserver {
  static readonly supportedEntryTypes = [
    "largest-contentful-paint",
    "layout-shift",
    "event",
    "first-input",
    "paint",
    "navigation",
  ];
  readonly #callback: Callback;
  constructor(callback: Callback) {
    this.#callback = callback;
  }
  observe({ type }: { type: string }) {
    tell.set(type, this.#callback);
  }
  takeRecords() {
    return [];
  }
  disconnect() {}
}

const entry = (type: string, ...entries: object[]) =>
  tell.get(type)?.({ getEntries: () => entries.map((each) => ({ entryType: type, ...each })) });
const all = () => sent.flat();
const of = (name: string) => all().filter((measure) => measure.name === name);
const hide = () => {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.stubGlobal("PerformanceObserver", FakeObserver);
  tell = new Map();
  sent = [];
  token = "jwt";
  vitals = new Vitals({ token: () => token, send: (measures) => sent.push([...measures]) });
  stop = vitals.start();
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the vital signs of a page", () => {
  it("tell what loading took, of the route the page was loaded with, in one report", () => {
    vi.advanceTimersByTime(640);
    vitals.shown("/tickets");
    entry("paint", { name: "first-paint", startTime: 90 }, { name: "first-contentful-paint", startTime: 101.26 });
    entry("navigation", { responseStart: 12, loadEventEnd: 300 });
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(15_000);
    expect(sent).toHaveLength(1);
    expect(all()).toEqual([
      { name: "interactive", value: 640, route: "/tickets" },
      { name: "fcp", value: 101.3, route: "/tickets", rating: "good" },
      { name: "ttfb", value: 12, route: "/tickets", rating: "good" },
      { name: "load", value: 300, route: "/tickets" },
    ]);
  });

  it("wait for the end of the load event", () => {
    vitals.shown("/");
    entry("navigation", { responseStart: 12, loadEventEnd: 0 });
    entry("navigation", { responseStart: 12, loadEventEnd: 300 });
    hide();
    expect(of("load")).toHaveLength(1);
  });

  it("count the largest paint for where one came in, once", () => {
    vitals.shown("/");
    entry("largest-contentful-paint", { startTime: 100 }, { startTime: 2_600 });
    vitals.shown("/tickets");
    vitals.shown("/approvals");
    hide();
    expect(of("lcp")).toEqual([{ name: "lcp", value: 2_600, route: "/", rating: "needs-improvement" }]);
  });

  it("tell how long a way took, and never whose ticket it led to", () => {
    vitals.shown("/");
    vi.advanceTimersByTime(1_000);
    vitals.shown("/tickets/$id", 960);
    vitals.shown("/tickets/0199f3a2-0000-7000-8000-000000000001", 980);
    hide();
    expect(of("route")).toEqual([
      { name: "route", value: 40, route: "/tickets/$id" },
      { name: "route", value: 20, route: "other" },
    ]);
    expect(JSON.stringify(sent)).not.toContain("0199f3a2");
  });

  it("sum up shifts that come close together, without those that somebody caused", () => {
    vitals.shown("/");
    entry(
      "layout-shift",
      { startTime: 100, value: 0.05, hadRecentInput: false },
      { startTime: 600, value: 0.06, hadRecentInput: false },
      { startTime: 700, value: 0.9, hadRecentInput: true },
      { startTime: 4_000, value: 0.08, hadRecentInput: false },
    );
    vitals.shown("/tickets");
    hide();
    expect(of("cls")).toEqual([
      { name: "cls", value: 0.11, route: "/", rating: "needs-improvement" },
      { name: "cls", value: 0, route: "/tickets", rating: "good" },
    ]);
  });

  it("take an interaction for as long as its longest event, and one in fifty for an outlier", () => {
    vitals.shown("/");
    entry("event", { interactionId: 0, duration: 900 }); // no interaction
    entry("event", { interactionId: 7, duration: 48 }, { interactionId: 7, duration: 240 });
    vitals.shown("/tickets");
    for (let id = 8; id < 68; id++) {
      entry("event", { interactionId: id, duration: id === 30 ? 2_000 : 56 });
    }
    hide();
    expect(of("inp")).toEqual([
      { name: "inp", value: 240, route: "/", rating: "needs-improvement" },
      { name: "inp", value: 56, route: "/tickets", rating: "good" },
    ]);
  });

  it("wait until somebody is signed in, within bounds", () => {
    token = null;
    vitals.shown("/sign-in");
    for (let i = 0; i < 80; i++) {
      vitals.shown("/tickets", performance.now());
    }
    hide();
    expect(sent).toEqual([]);
    token = "jwt";
    hide();
    expect(sent).toHaveLength(1);
    expect(all()).toHaveLength(50);
  });

  it("are sent with the token, in a way that outlives the page, and a failure is nobody's business", async () => {
    const fetched = vi.fn<typeof fetch>(() => Promise.reject(new TypeError("fetch failed")));
    vi.stubGlobal("fetch", fetched);
    const real = new Vitals({ token: () => "jwt" });
    const end = real.start();
    real.shown("/");
    hide();
    await Promise.resolve();
    expect(fetched).toHaveBeenCalledOnce();
    const [path, init] = fetched.mock.calls[0] ?? [];
    expect(path).toBe("/api/v1/web-vitals");
    expect(init?.keepalive).toBe(true);
    expect(new Headers(init?.headers).get("Authorization")).toBe("Bearer jwt");
    expect(JSON.parse(String(init?.body)).items[0].name).toBe("interactive");
    end();
  });

  it("ignore what no page can have taken", () => {
    vitals.shown("/", null);
    vitals.shown("/tickets", performance.now() - 700_000);
    vitals.shown("/ai", performance.now() + 5);
    hide();
    expect(of("route")).toEqual([]);
  });
});
