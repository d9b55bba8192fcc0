import { instant } from "../lib/format";
import { isObject, text } from "../lib/json";
import type { Standstill } from "../lib/standstill";

/** What is known about the services behind the gateway. */
export interface Health {
  /** By name; true if one of its instances answers. */
  readonly services: ReadonlyMap<string, boolean>;
  /** Whether, and since when, live events do not reach the gateway. */
  readonly standstill: Standstill | null;
}

/** Reads `GET /api/v1/health`, which answers 503 with the same body where nothing works. */
export function healthOf(body: unknown): Health {
  const services = new Map<string, boolean>();
  const told = isObject(body) ? body["services"] : null;
  if (Array.isArray(told)) {
    for (const each of told) {
      const name = isObject(each) ? text(each["name"]) : null;
      if (name !== null && isObject(each)) {
        services.set(name, isUp(each["status"]));
      }
    }
  } else if (isObject(told)) {
    Object.entries(told).forEach(([name, state]) => services.set(name, isUp(isObject(state) ? state["status"] : state)));
  }
  const isStill = isObject(body) && !isUp(body["feed"]);
  return { services, standstill: isStill ? { since: instant(text(body["feed_read_at"])) } : null };
}

function isUp(state: unknown): boolean {
  return typeof state !== "string" || state.toLowerCase() === "up";
}

/** Remembers which services requests were refused for, until a reading of the health says otherwise. */
export class DownServices {
  readonly #listeners = new Set<() => void>();
  #names: readonly string[] = [];

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly names = (): readonly string[] => this.#names;

  /** A request was answered that this service is down. */
  reported(name: string): void {
    if (!this.#names.includes(name)) {
      this.#set([...this.#names, name]);
    }
  }

  known({ services }: Health): void {
    this.#set([...services].filter(([, up]) => !up).map(([name]) => name));
  }

  #set(names: readonly string[]): void {
    if (names.join() !== this.#names.join()) {
      this.#names = names;
      this.#listeners.forEach((listener) => listener());
    }
  }
}
