import type { Token } from "realtime-client";
import { createApi } from "../../lib/api";
import { isObject, text } from "../../lib/json";
import { ProblemError } from "../../lib/problem";

/**
 * Who is signed in. The token lives in this object only: not in storage, not in the page, so it is gone with the tab.
 * - `signed_out`: nobody
 * - `signed_in`
 * - `ending`: still who it was, but the token has expired or soon will, so the password is asked for again
 */
export type SessionState =
  | { readonly status: "signed_out" }
  | { readonly status: "signed_in" | "ending"; readonly user: string; readonly token: Token };

export class SessionStore {
  readonly #listeners = new Set<() => void>();
  #state: SessionState = { status: "signed_out" };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): SessionState => this.#state;

  token(): Token | null {
    return this.#state.status === "signed_out" ? null : this.#state.token;
  }

  /** Fails with a `ProblemError` that says why, and leaves the session as it was. */
  async signIn(user: string, password: string): Promise<void> {
    const { body } = await createApi({ token: () => null }).post("/api/v1/auth/token", { username: user, password });
    const value = isObject(body) ? text(body["access_token"]) : null;
    const expiresIn = isObject(body) ? body["expires_in"] : null;
    if (value === null || typeof expiresIn !== "number") {
      throw new ProblemError("The sign-in answer could not be read.", 200);
    }
    this.#set({ status: "signed_in", user, token: { value, expiresAt: Date.now() + expiresIn * 1_000 } });
  }

  /** The token is about to end, or was refused. */
  ending(): void {
    if (this.#state.status === "signed_in") {
      this.#set({ ...this.#state, status: "ending" });
    }
  }

  signOut(): void {
    this.#set({ status: "signed_out" });
  }

  #set(state: SessionState): void {
    this.#state = state;
    this.#listeners.forEach((listener) => listener());
  }
}
