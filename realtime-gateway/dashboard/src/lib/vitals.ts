import type { WebVital } from "../api/rest";
import { config } from "./config";

/**
 * How fast the page was for whoever uses it: the web's vital signs, and the page's own timings. Collected by the
 * browser's observers and sent in batches; a report that fails is dropped, since a person is worth more than a figure.
 */
export type Measure = WebVital;
export type VitalName = Measure["name"];
type Route = Measure["route"];

/** The routes that the gateway counts; ids of tickets and customers do not belong into metrics. */
const ROUTES: ReadonlySet<string> = new Set<Route>([
  "/",
  "/tickets",
  "/tickets/new",
  "/tickets/$id",
  "/approvals",
  "/operations",
  "/ai",
  "/metrics",
  "/customers",
  "/customers/$id",
  "/settings",
  "/settings/$section",
  "/wallboard",
  "/sign-in",
]);

/** What is good and what is poor, as web.dev/vitals has it. */
const LIMITS: Partial<Record<VitalName, readonly [good: number, poor: number]>> = {
  lcp: [2_500, 4_000],
  inp: [200, 500],
  cls: [0.1, 0.25],
  fcp: [1_800, 3_000],
  ttfb: [800, 1_800],
};

/** As the gateway: longer is not a slow page but a computer that slept. */
const LONGEST_MS = 600_000;
/** One report may hold as many. */
const MOST = 50;
const SEND_AFTER_MS = 15_000;
/** Of one visit to a route, the slowest interactions that are kept. */
const KEPT_INTERACTIONS = 10;
/** One in as many interactions may be an outlier. */
const INTERACTIONS_PER_OUTLIER = 50;
const SHIFT_GAP_MS = 1_000;
const SHIFT_WINDOW_MS = 5_000;

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
}

interface Interaction extends PerformanceEntry {
  readonly interactionId?: number;
}

export interface VitalsOptions {
  /** Null while nobody is signed in; measures wait until somebody is. */
  readonly token: () => string | null;
  /** Sends a report; must work while the page is being left. */
  readonly send?: (measures: readonly Measure[], token: string) => void;
}

export class Vitals {
  readonly #token: () => string | null;
  readonly #send: (measures: readonly Measure[], token: string) => void;
  readonly #observers: { readonly observer: PerformanceObserver; readonly each: (entry: PerformanceEntry) => void }[] = [];
  #waiting: Measure[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The route that is shown; null until there is one. */
  #route: Route | null = null;
  /** The one the page was loaded with. What loading took belongs to it. */
  #landing: Route | null = null;
  #lcp: number | null = null;
  /** Some browsers do not tell shifts: that is no page without any. */
  #seesShifts = false;
  #shifts = new Shifts();
  #interactions = new Interactions();

  constructor({ token, send = sendReport }: VitalsOptions) {
    this.#token = token;
    this.#send = send;
  }

  /** The result ends it. */
  start(): () => void {
    this.#observe("largest-contentful-paint", (entry) => {
      this.#lcp = entry.startTime;
    });
    this.#observe("layout-shift", (entry) => this.#shifts.add(entry as LayoutShift));
    this.#observe("event", (entry) => this.#interactions.add(entry), { durationThreshold: 40 });
    this.#observe("first-input", (entry) => this.#interactions.add(entry));
    const hidden = () => {
      if (document.visibilityState === "hidden") {
        this.#left();
        this.flush();
      }
    };
    const gone = () => {
      this.#left();
      this.flush();
    };
    document.addEventListener("visibilitychange", hidden);
    window.addEventListener("pagehide", gone);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      window.removeEventListener("pagehide", gone);
      this.#observers.forEach(({ observer }) => observer.disconnect());
      clearTimeout(this.#timer);
    };
  }

  /** A page has been shown; `since` is when the way to it began, in milliseconds since the document's start. */
  shown(path: string, since: number | null = null): void {
    const route = ROUTES.has(path) ? (path as Route) : "other";
    const now = performance.now();
    if (this.#landing === null) {
      this.#landing = route;
      this.#route = route;
      this.#add("interactive", now, route);
      this.#loading();
      return;
    }
    this.#left();
    this.#route = route;
    if (since !== null) {
      this.#add("route", now - since, route);
    }
  }

  /** Sends what waits, if somebody is signed in. */
  flush(): void {
    const token = this.#token();
    if (token === null || this.#waiting.length === 0) {
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const measures = this.#waiting;
    this.#waiting = [];
    this.#send(measures, token);
  }

  /** What the document's loading took; known once its load event has ended. */
  #loading(): void {
    const landing = this.#landing ?? "other";
    this.#observe("paint", (entry) => entry.name === "first-contentful-paint" && this.#add("fcp", entry.startTime, landing));
    let told = false;
    this.#observe("navigation", (entry) => {
      const { responseStart, loadEventEnd } = entry as PerformanceNavigationTiming;
      if (!told && loadEventEnd > 0) {
        told = true;
        this.#add("ttfb", responseStart, landing);
        this.#add("load", loadEventEnd, landing);
      }
    });
  }

  /** A route is left, or the page is. */
  #left(): void {
    const route = this.#route;
    if (route === null) {
      return;
    }
    this.#observers.forEach(({ observer, each }) => observer.takeRecords().forEach(each));
    if (this.#lcp !== null) {
      this.#add("lcp", this.#lcp, this.#landing ?? route);
      this.#lcp = null;
    }
    const { slow } = this.#interactions;
    if (slow !== null) {
      this.#add("inp", slow, route);
    }
    if (this.#seesShifts) {
      this.#add("cls", this.#shifts.worst, route);
    }
    this.#interactions = new Interactions();
    this.#shifts = new Shifts();
  }

  #add(name: VitalName, value: number, route: Route): void {
    if (!(value >= 0 && value <= LONGEST_MS)) {
      return;
    }
    const rounded = name === "cls" ? Math.round(value * 10_000) / 10_000 : Math.round(value * 10) / 10;
    this.#waiting.push({ name, value: rounded, route, ...rated(name, value), ...navigated() });
    if (this.#waiting.length > MOST) {
      this.#waiting.shift();
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, SEND_AFTER_MS);
  }

  #observe(type: string, each: (entry: PerformanceEntry) => void, options: object = {}): void {
    if (typeof PerformanceObserver === "undefined" || !PerformanceObserver.supportedEntryTypes.includes(type)) {
      return; // the others are still worth having
    }
    if (type === "layout-shift") {
      this.#seesShifts = true;
    }
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(each));
    observer.observe({ type, buffered: true, ...options });
    this.#observers.push({ observer, each });
  }
}

/** The largest sum of shifts that came close together. */
class Shifts {
  worst = 0;
  #sum = 0;
  #first = 0;
  #last = 0;

  add({ value, hadRecentInput, startTime }: LayoutShift): void {
    if (hadRecentInput) {
      return; // somebody wanted it to move
    }
    const continues = startTime - this.#last < SHIFT_GAP_MS && startTime - this.#first < SHIFT_WINDOW_MS;
    if (!continues || this.#sum === 0) {
      this.#sum = 0;
      this.#first = startTime;
    }
    this.#last = startTime;
    this.#sum += value;
    this.worst = Math.max(this.worst, this.#sum);
  }
}

/** The slowest interaction but for the outliers among many. */
class Interactions {
  #slowest = new Map<number, number>();
  #ids = new Set<number>();
  #count = 0;

  add(entry: Interaction): void {
    const id = entry.interactionId ?? 0;
    if (id === 0 && entry.entryType !== "first-input") {
      return; // no interaction: a pointer that moves
    }
    if (!this.#ids.has(id)) {
      this.#ids.add(id);
      this.#count++;
    }
    this.#slowest.set(id, Math.max(this.#slowest.get(id) ?? 0, entry.duration));
    if (this.#slowest.size > KEPT_INTERACTIONS) {
      const [least] = [...this.#slowest].sort(([, a], [, b]) => a - b)[0] ?? [];
      this.#slowest.delete(least ?? id);
    }
    if (this.#ids.size > 2 * INTERACTIONS_PER_OUTLIER) {
      this.#ids = new Set([id]); // an interaction's entries come together
    }
  }

  get slow(): number | null {
    const durations = [...this.#slowest.values()].sort((a, b) => b - a);
    const outliers = Math.min(durations.length - 1, Math.floor(this.#count / INTERACTIONS_PER_OUTLIER));
    return durations[outliers] ?? null;
  }
}

function rated(name: VitalName, value: number): Pick<Measure, "rating"> {
  const limits = LIMITS[name];
  if (limits === undefined) {
    return {};
  }
  return { rating: value <= limits[0] ? "good" : value <= limits[1] ? "needs-improvement" : "poor" };
}

function navigated(): Pick<Measure, "navigation_type"> {
  const [entry] = performance.getEntriesByType?.("navigation") ?? [];
  const type: string | undefined = (entry as PerformanceNavigationTiming | undefined)?.type;
  switch (type) {
    case "navigate":
      return { navigation_type: "navigate" };
    case "reload":
      return { navigation_type: "reload" };
    case "prerender":
      return { navigation_type: "prerender" };
    case "back_forward":
      return { navigation_type: "back-forward" };
    default:
      return {};
  }
}

/** `keepalive` outlives the page as a beacon does, and unlike one it carries the token. */
function sendReport(measures: readonly Measure[], token: string): void {
  void fetch(`${config().apiUrl}/api/v1/web-vitals`, {
    method: "POST",
    keepalive: true,
    credentials: "omit",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ items: measures }),
  }).catch(() => undefined);
}
