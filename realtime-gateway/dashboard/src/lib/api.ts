import { createContext, use } from "react";
import { parsePosition, type Position } from "realtime-client";
import type { BodyOf } from "../api/bodies";
import { config } from "./config";
import { problemOf, unreachable } from "./problem";

export interface Answer {
  readonly body: unknown;
  /** The feed position that the answer is at least as new as. */
  readonly position: Position | null;
  /** The version of what was read, to be sent back as `ifMatch`. */
  readonly etag: string | null;
}

export interface WriteOptions {
  /** The version that the change was made from: another one is refused with 412. */
  readonly ifMatch?: string;
  /** Give one of your own where a person may press the button again after a failure; each call has its own else. */
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Failures are `ProblemError`s. A body goes as JSON, and must be what the contract says; a `Blob`, such as a file, goes as it
 * is and with its type.
 */
export interface Api {
  get(path: string, signal?: AbortSignal): Promise<Answer>;
  post<Path extends string>(path: Path, body?: BodyOf<"POST", Path> | Blob, options?: WriteOptions): Promise<Answer>;
  put<Path extends string>(path: Path, body: BodyOf<"PUT", Path> | Blob, options?: WriteOptions): Promise<Answer>;
  patch<Path extends string>(path: Path, body: BodyOf<"PATCH", Path>, options?: WriteOptions): Promise<Answer>;
  delete(path: string, options?: WriteOptions): Promise<Answer>;
  /** A file: an export, an attachment. */
  download(path: string, signal?: AbortSignal): Promise<Blob>;
  /** Files as a form: all of them are taken, or none. */
  upload(path: string, files: readonly File[]): Promise<Answer>;
}

export interface ApiOptions {
  readonly token: () => string | null;
  /** Whether the sign-in's cookie goes along, also to an API at another origin. Only for `/api/v1/auth/`: elsewhere none is let in. */
  readonly withCookie?: boolean;
  /** Called after each request: did anything that speaks for OpsRelay answer? */
  readonly onAnswered?: (answered: boolean) => void;
  /** The token was refused. */
  readonly onUnauthorised?: () => void;
  /** A service behind the gateway did not answer; the gateway named it. */
  readonly onServiceDown?: (service: string) => void;
}

const DEADLINE_MS = 15_000;
const DOWNLOAD_DEADLINE_MS = 120_000;
/** As long as the gateway waits for an upload. */
const UPLOAD_DEADLINE_MS = 60_000;

/** Requests to the gateway this page came from, or to where it says that its API is. Reads are repeated by whoever asks (TanStack Query), writes never. */
export function createApi(options: ApiOptions): Api {
  const send = async (path: string, init: RequestInit, deadlineMs: number, signal?: AbortSignal): Promise<Response> => {
    const token = options.token();
    const headers = new Headers(init.headers);
    if (token !== null) {
      headers.set("Authorization", `Bearer ${token}`);
    }
    const deadline = AbortSignal.timeout(deadlineMs);
    let response: Response;
    let problem: unknown = null;
    try {
      response = await fetch(`${config().apiUrl}${path}`, {
        ...init,
        headers,
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
        credentials: options.withCookie === true ? "include" : "same-origin",
        cache: "no-store",
        redirect: "error",
      });
      if (!response.ok) {
        problem = await bodyOf(response);
      }
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
      const error = problemOf(response.status, problem);
      if (response.status === 503 && error.service !== null) {
        options.onServiceDown?.(error.service);
      }
      throw error;
    }
    return response;
  };
  const call = async (
    init: RequestInit,
    path: string,
    signal?: AbortSignal,
    deadlineMs: number = DEADLINE_MS,
  ): Promise<Answer> => {
    const response = await send(path, init, deadlineMs, signal);
    let body: unknown;
    try {
      body = await bodyOf(response);
    } catch (failure) {
      if (signal?.aborted) {
        throw failure;
      }
      options.onAnswered?.(false);
      throw unreachable();
    }
    return { body, position: parsePosition(response.headers.get("Feed-Position")), etag: response.headers.get("ETag") };
  };
  const write = (method: string, path: string, body: unknown, wanted: WriteOptions = {}): Promise<Answer> => {
    const headers = new Headers({ ...JSON_ANSWERS, ...wanted.headers });
    headers.set("Idempotency-Key", wanted.idempotencyKey ?? newKey());
    if (wanted.ifMatch !== undefined) {
      headers.set("If-Match", wanted.ifMatch);
    }
    if (body !== undefined) {
      headers.set("Content-Type", body instanceof Blob ? body.type : "application/json");
    }
    return call({ method, headers, body: body === undefined ? null : body instanceof Blob ? body : JSON.stringify(body) }, path);
  };
  return {
    get: (path, signal) => call({ method: "GET", headers: JSON_ANSWERS }, path, signal),
    post: (path, body, wanted) => write("POST", path, body, wanted),
    put: (path, body, wanted) => write("PUT", path, body, wanted),
    patch: (path, body, wanted) => write("PATCH", path, body, wanted),
    delete: (path, wanted) => write("DELETE", path, undefined, wanted),
    download: async (path, signal) => (await send(path, { method: "GET" }, DOWNLOAD_DEADLINE_MS, signal)).blob(),
    upload: (path, files) => {
      const body = new FormData();
      files.forEach((file) => body.append("file", file, file.name));
      // The browser adds the type with the form's boundary.
      return call({ method: "POST", headers: JSON_ANSWERS, body }, path, undefined, UPLOAD_DEADLINE_MS);
    },
  };
}

const JSON_ANSWERS = { Accept: "application/json, application/problem+json" };

/** A key for one thing that is to be done once, however often the button is pressed. A page without TLS has no `randomUUID`. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
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
