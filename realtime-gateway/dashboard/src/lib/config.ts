import { isObject, text } from "./json";

/** What a gateway tells its pages as they are loaded. */
export interface Config {
  /** The origin of the API, without a slash at its end; empty: where the page came from. */
  readonly apiUrl: string;
  /** The whole address of the stream; null: `/api/v1/stream` where the page came from. */
  readonly streamUrl: string | null;
  /** How often a view without a pace of its own is read again, in milliseconds, unless a person chooses otherwise. */
  readonly refreshMs: number;
  /** Whether views are read again by themselves, unless a person chooses otherwise. */
  readonly autoRefresh: boolean;
}

const OWN: Config = { apiUrl: "", streamUrl: null, refreshMs: 30_000, autoRefresh: true };
const DEADLINE_MS = 3_000;

let current = OWN;

export function config(): Config {
  return current;
}

/** Asked once, before all else. A gateway that tells nothing, or nothing readable, is the page's own. */
export async function loadConfig(): Promise<void> {
  try {
    const answer = await fetch("/config.json", { cache: "no-cache", redirect: "error", signal: AbortSignal.timeout(DEADLINE_MS) });
    current = answer.ok ? configOf(await answer.json()) : OWN;
  } catch {
    current = OWN;
  }
}

export function configOf(told: unknown): Config {
  const settings = isObject(told) ? told : {};
  const seconds = settings["refresh_seconds"];
  return {
    apiUrl: text(settings["api_url"]) ?? OWN.apiUrl,
    streamUrl: text(settings["stream_url"]),
    refreshMs: typeof seconds === "number" && seconds >= 1 ? seconds * 1_000 : OWN.refreshMs,
    autoRefresh: settings["auto_refresh"] !== false,
  };
}
