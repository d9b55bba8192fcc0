import type { Token } from "realtime-client";
import { createApi } from "../../lib/api";
import { forgetDrafts } from "../../lib/drafts";
import { isObject, text, type JsonObject } from "../../lib/json";
import { ProblemError } from "../../lib/problem";
import { finishSignIn } from "./oidc";

/**
 * Who is signed in. The token lives in this object only: not in storage, not in the page. What survives a reload is the
 * refresh cookie, which no script can read.
 * - `restoring`: the page has just been loaded, and asks whether the cookie is still good
 * - `signed_out`: nobody; `problem` if a sign-in at the organisation's issuer went wrong
 * - `signed_in`
 * - `ending`: still who it was, but the token has expired or soon will and the cookie did not help
 */
export type SessionState =
  | { readonly status: "restoring" }
  | { readonly status: "signed_out"; readonly problem: string | null }
  | ({ readonly status: "signed_in" | "ending" } & SignedIn);

export interface SignedIn {
  readonly user: string;
  readonly token: Token;
  /** As the token says; null and none where it names its claims differently. The stream's answer fills that in. */
  readonly clientId: string | null;
  readonly roles: readonly string[];
  /** The clients that this person may switch between. */
  readonly clients: readonly string[];
}

/** The refresh endpoint takes the cookie only with this header, which no other site can send. */
const OWN_REQUEST = { headers: { "X-Requested-With": "opsrelay" } };
/** How long before its end a token is replaced, in milliseconds: earlier than the stream asks for another. */
const LEAD_MS = 90_000;
const RETRY_MS = 5_000;
const LONGEST_TIMER_MS = 2_147_483_647;

export class SessionStore {
  readonly #listeners = new Set<() => void>();
  readonly #api = createApi({ token: () => null, withCookie: true });
  /** Other tabs of the browser share the cookie, so what one ends is over for all. */
  readonly #tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("opsrelay.session");
  #state: SessionState = { status: "signed_out", problem: null };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewing: Promise<boolean> | null = null;

  constructor() {
    this.#tabs?.addEventListener("message", ({ data }) => data === "signed_out" && this.#leave());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): SessionState => this.#state;

  token(): Token | null {
    return "token" in this.#state ? this.#state.token : null;
  }

  /** Called once when the page is loaded: by cookie, or with what the organisation's issuer sent along. */
  async restore(): Promise<void> {
    this.#set({ status: "restoring" });
    try {
      const finished = await finishSignIn(this.#api);
      if (finished !== null) {
        this.#accept(finished, null);
        return;
      }
    } catch (failure) {
      this.#set({ status: "signed_out", problem: failure instanceof Error ? failure.message : null });
      return;
    }
    if (!(await this.renew().catch(() => false))) {
      this.#leave();
    }
  }

  /** Fails with a `ProblemError` that says why, and leaves the session as it was. */
  async signIn(user: string, password: string): Promise<void> {
    const { body } = await this.#api.post("/api/v1/auth/token", { username: user, password }, OWN_REQUEST);
    this.#accept(body, user);
  }

  /**
   * Another token by the cookie; false if the cookie is not good for one. Rejects if nothing answers. Tabs take turns:
   * each cookie is good once.
   */
  renew(clientId?: string): Promise<boolean> {
    const ask = async () => {
      try {
        const { body } = await this.#api.post(
          "/api/v1/auth/refresh",
          clientId === undefined ? undefined : { client_id: clientId },
          OWN_REQUEST,
        );
        return body === null ? false : this.#accept(body, null);
      } catch (failure) {
        if (failure instanceof ProblemError && failure.status >= 400 && failure.status < 500 && failure.status !== 429) {
          return false;
        }
        throw failure;
      }
    };
    const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
    this.#renewing ??= (locks === undefined ? ask() : locks.request("opsrelay.refresh", ask)).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  /** Goes on as another of this person's clients. Rejects with why not. */
  async switchClient(clientId: string): Promise<void> {
    await this.#renewing?.catch(() => false);
    if (!(await this.renew(clientId))) {
      throw new ProblemError("The client could not be changed. Sign in again and choose it then.", 0);
    }
  }

  /** The token is about to end, or was refused. */
  ending(): void {
    if (this.#state.status === "signed_in") {
      this.#renewOrEnd();
    }
  }

  signOut(): void {
    // Whoever leaves must not wait for a server; a cookie that outlives this ends by itself.
    void this.#api.post("/api/v1/auth/sign-out", undefined, OWN_REQUEST).catch(() => undefined);
    this.#tabs?.postMessage("signed_out");
    this.#leave();
    forgetDrafts();
  }

  #leave(): void {
    clearTimeout(this.#timer);
    if (this.#state.status !== "signed_out") {
      this.#set({ status: "signed_out", problem: null });
    }
  }

  #renewOrEnd(): void {
    clearTimeout(this.#timer);
    this.renew().then(
      (renewed) => !renewed && this.#end(),
      () => {
        // Nothing answers: the token may last longer than that.
        if ((this.token()?.expiresAt ?? 0) - RETRY_MS > Date.now()) {
          this.#timer = setTimeout(() => this.#renewOrEnd(), RETRY_MS);
        } else {
          this.#end();
        }
      },
    );
  }

  #end(): void {
    if (this.#state.status === "signed_in") {
      this.#set({ ...this.#state, status: "ending" });
    }
  }

  #accept(answer: unknown, typed: string | null): true {
    const body: JsonObject = isObject(answer) ? answer : {};
    const value = text(body["access_token"]);
    const expiresIn = body["expires_in"];
    if (value === null || typeof expiresIn !== "number") {
      throw new ProblemError("The sign-in answer could not be read.", 200);
    }
    const claims = claimsOf(value);
    const before = "user" in this.#state ? this.#state.user : null;
    const clientId = text(claims["tenant"]) ?? text(claims["client_id"]);
    this.#set({
      status: "signed_in",
      user: text(claims["email"]) ?? text(claims["sub"]) ?? typed ?? before ?? "",
      token: { value, expiresAt: Date.now() + expiresIn * 1_000 },
      clientId,
      roles: strings(claims["roles"]),
      clients: strings(body["clients"]),
    });
    clearTimeout(this.#timer);
    const wait = Math.max(expiresIn * 500, expiresIn * 1_000 - LEAD_MS);
    this.#timer = setTimeout(() => this.#renewOrEnd(), Math.min(wait, LONGEST_TIMER_MS));
    return true;
  }

  #set(state: SessionState): void {
    this.#state = state;
    this.#listeners.forEach((listener) => listener());
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** What the token says about its owner, for showing only: who may do what is decided where it is verified. */
function claimsOf(token: string): JsonObject {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}
