import { createContext, use } from "react";
import { parsePosition, type Position } from "realtime-client";
import { problemOf, unreachable } from "./problem";

export interface Answer {
  readonly body: unknown;
  /** The feed position that the answer is at least as new as. */
  readonly position: Position | null;
}

export interface Api {
  get(path: string, signal?: AbortSignal): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
}

export interface ApiOptions {
  readonly token: () => string | null;
  /** Called after each request: did anything that speaks for OpsRelay answer? */
  readonly onAnswered?: (answered: boolean) => void;
  /** The token was refused. */
  readonly onUnauthorised?: () => void;
}

const DEADLINE_MS = 15_000;

/** Requests to the gateway this page came from. Failures are `ProblemError`s. */
export function createApi(options: ApiOptions): Api {
  const call = async (method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> => {
    const token = options.token();
    const headers = new Headers({ Accept: "application/json, application/problem+json" });
    if (token !== null) {
      headers.set("Authorization", `Bearer ${token}`);
    }
    if (body !== undefined) {
      headers.set("Content-Type", "application/json");
    }
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    let response: Response;
    let parsed: unknown;
    try {
      response = await fetch(path, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error",
      });
      parsed = await bodyOf(response);
    } catch (failure) {
      if (signal?.aborted) {
        throw failure; // the caller's own wish says nothing about the server
      }
      options.onAnswered?.(false);
      throw unreachable();
    }
    // 502 and 504 come from something in front of a gateway that is not there.
    options.onAnswered?.(response.status !== 502 && response.status !== 504);
    if (response.status === 401 && token !== null) {
      options.onUnauthorised?.();
    }
    if (!response.ok) {
      throw problemOf(response.status, parsed);
    }
    return { body: parsed, position: parsePosition(response.headers.get("Feed-Position")) };
  };
  return {
    get: (path, signal) => call("GET", path, undefined, signal),
    post: (path, body) => call("POST", path, body),
  };
}

async function bodyOf(response: Response): Promise<unknown> {
  const content = await response.text();
  try {
    return content === "" ? null : JSON.parse(content);
  } catch {
    return null; // an error page of something in between
  }
}

export const ApiContext = createContext<Api | null>(null);

export function useApi(): Api {
  const api = use(ApiContext);
  if (api === null) {
    throw new Error("useApi needs an ApiContext around it");
  }
  return api;
}
