import type { Cancel, Clock } from "./clock.js";

export interface Token {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Gives the token of now, or null if there is none: then the client waits for `tokenChanged`. Asked when a connection
 * is made, before the present token expires, and after a server has refused it. A rejection means "try again".
 */
export type TokenProvider = () => Token | null | Promise<Token | null>;

/** How long before its end a token is replaced, in milliseconds. */
const LEAD_MS = 60_000;
const RETRY_MS = 5_000;

interface TokenListener {
  /** There is another token than before. */
  renewed(token: Token): void;
  /** The token will soon expire, and the provider has no other. */
  expiring(): void;
}

/** Keeps one token and sees to it that another is there before it expires. */
export class Tokens {
  readonly #provider: TokenProvider;
  readonly #clock: Clock;
  readonly #listener: TokenListener;
  #current: Token | null = null;
  #renewAt = 0;
  #expired: string | null = null;
  #cancel: Cancel = () => undefined;
  /** Tells an answer of the provider from those to earlier questions. */
  #question = 0;
  #isStopped = true;

  constructor(provider: TokenProvider, clock: Clock, listener: TokenListener) {
    this.#provider = provider;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** A token to go on with; null if there is none. Rejects as the provider does. */
  async valid(): Promise<Token | null> {
    return this.#current !== null && this.#clock.now() < this.#renewAt ? this.#current : this.ask();
  }

  /** Asks the provider, even if there is a token. */
  async ask(): Promise<Token | null> {
    this.#isStopped = false;
    const question = ++this.#question;
    const token = await this.#provider();
    if (token === null || token.expiresAt <= this.#clock.now() || token.value === this.#expired) {
      return null;
    }
    if (question === this.#question && token.value !== this.#current?.value) {
      this.#current = token;
      const left = token.expiresAt - this.#clock.now();
      // A short-lived token is given at least half of its life.
      const wait = left - Math.min(LEAD_MS, left / 2);
      this.#renewAt = this.#clock.now() + wait;
      this.#renewIn(wait);
      this.#listener.renewed(token);
    }
    return token;
  }

  /** The server does not take the token: the provider is asked before the next use. */
  refused(): void {
    this.#current = null;
  }

  /** The server has called the token expired, so it is not tried again. */
  expired(value: string): void {
    this.#expired = value;
    this.#current = null;
  }

  /** Asks for another token a little later. */
  renewLater(): void {
    this.#renewIn(RETRY_MS);
  }

  stop(): void {
    this.#cancel();
    this.#question++;
    this.#current = null;
    this.#isStopped = true;
  }

  #renewIn(ms: number): void {
    this.#cancel();
    this.#cancel = this.#clock.after(ms, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const before = this.#current?.value;
    try {
      const token = await this.ask();
      if (!this.#isStopped && (token === null || token.value === before)) {
        this.#listener.expiring();
      }
    } catch {
      if (!this.#isStopped) {
        this.renewLater();
      }
    }
  }
}
