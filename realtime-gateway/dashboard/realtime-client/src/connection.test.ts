import { describe, expect, it } from "vitest";
import {
  connection,
  INITIAL_CONNECTION,
  phase,
  STEADY_MS,
  type Connection,
  type ConnectionSignal,
  type Link,
} from "./connection.js";
import type { Session } from "./protocol.js";

const SESSION: Session = {
  clientId: "acme",
  user: "admin@acme.example",
  roles: ["admin"],
  connectionId: "c-1",
  heartbeatSeconds: 30,
};

const opened: ConnectionSignal[] = [{ type: "attempt" }, { type: "opened" }];
const live: ConnectionSignal[] = [...opened, { type: "authenticated", at: 1_000, session: SESSION }];
const closed = (code: number, at = 2_000, reason = ""): ConnectionSignal => ({ type: "closed", at, code, reason });

const after = (...signals: ConnectionSignal[]): Connection => signals.reduce(connection, INITIAL_CONNECTION);

describe("the phase a person is told", () => {
  it("is connecting until something is known", () => {
    expect(phase(INITIAL_CONNECTION)).toBe("connecting");
    expect(phase(after(...opened))).toBe("connecting");
  });

  it("is live once authenticated, whatever the API does", () => {
    expect(phase(after(...live))).toBe("live");
    expect(phase(after(...live, { type: "api_failed" }))).toBe("live");
  });

  it("is connecting right after a loss, since what the API did before says nothing about now", () => {
    expect(phase(after(...live, { type: "api_answered", at: 1_500 }, closed(1006)))).toBe("connecting");
  });

  it("is polling while only the API answers, and offline while neither does", () => {
    const lost = after(...live, closed(1006));
    const polling = connection(lost, { type: "api_answered", at: 3_000 });
    expect(phase(polling)).toBe("polling");
    expect(phase(connection(polling, { type: "api_failed" }))).toBe("offline");
  });

  it("stays as it is while further attempts fail", () => {
    const offline = after({ type: "attempt" }, closed(1006), { type: "api_failed" });
    expect(phase([...opened, closed(1006)].reduce(connection, offline))).toBe("offline");
  });
});

describe("the link", () => {
  it("waits after a loss and keeps the session, so that the list stays attributed", () => {
    expect(after(...live, closed(1006))).toMatchObject({ link: "waiting", session: SESSION, liveSince: null });
  });

  it.each([1000, 1001, 1006, 1011, 1012, 4001, 4005, 4008, 4009])("tries again after code %i", (code) => {
    expect(after(...live, closed(code)).link).toBe("waiting");
  });

  it.each([1008, 1009, 4400, 4429, 4430, 4499])("does not try again after code %i", (code) => {
    expect(after(...live, closed(code)).link).toBe("refused");
  });

  it("says why it was refused", () => {
    expect(after(...live, closed(4430, 2_000, "too many connections")).problem).toBe("too many connections");
    expect(after(...live, closed(4430)).problem).toContain("4430");
  });

  it("counts failures in a row without limit", () => {
    const failures = Array.from({ length: 40 }, () => [{ type: "attempt" } as const, closed(1006)]).flat();
    expect(after(...failures).failures).toBe(40);
  });

  it("begins to count anew after a connection that was steady, and not after one that ended at once", () => {
    const failing = after({ type: "attempt" }, closed(1006), { type: "attempt" }, closed(1006));
    const again = live.reduce(connection, failing);
    expect(connection(again, closed(1006, 1_000 + STEADY_MS)).failures).toBe(1);
    expect(connection(again, closed(1006, 1_000 + STEADY_MS - 1)).failures).toBe(3);
  });

  it("does not count a move that the server asked for", () => {
    expect(after(...live, { type: "moved" })).toMatchObject({ link: "waiting", failures: 0, session: SESSION });
  });

  it("waits for a token where it lacks one", () => {
    expect(after(...live, closed(4005), { type: "token_missing" })).toMatchObject({
      link: "unauthorised",
      session: SESSION,
    });
  });

  it("takes other roles from a refreshed token and stays live", () => {
    const session = { ...SESSION, roles: ["viewer"] };
    const state = after(...live, { type: "authenticated", at: 5_000, session });
    expect(state).toMatchObject({ link: "live", session, liveSince: 1_000 });
  });

  it("forgets everything when stopped", () => {
    expect(after(...live, { type: "stopped" })).toEqual(INITIAL_CONNECTION);
  });
});

describe("every pair of link and signal", () => {
  const states: Record<Link, Connection> = {
    idle: INITIAL_CONNECTION,
    opening: after({ type: "attempt" }),
    authenticating: after(...opened),
    live: after(...live),
    waiting: after(...live, closed(1006)),
    unauthorised: after({ type: "token_missing" }),
    refused: after(...live, closed(4400)),
  };
  const signals: Record<ConnectionSignal["type"], ConnectionSignal> = {
    attempt: { type: "attempt" },
    opened: { type: "opened" },
    authenticated: { type: "authenticated", at: 9_000, session: SESSION },
    received: { type: "received", at: 9_000 },
    problem: { type: "problem", problem: "p" },
    closed: closed(1006, 9_000),
    moved: { type: "moved" },
    token_missing: { type: "token_missing" },
    api_answered: { type: "api_answered", at: 9_000 },
    api_failed: { type: "api_failed" },
    stopped: { type: "stopped" },
  };
  // What a signal makes of a link; where nothing is said, the link stays.
  const moves: Partial<Record<Link, Partial<Record<ConnectionSignal["type"], Link>>>> = {
    idle: { attempt: "opening" },
    opening: { opened: "authenticating", closed: "waiting", moved: "waiting" },
    authenticating: { authenticated: "live", closed: "waiting", moved: "waiting" },
    live: { closed: "waiting", moved: "waiting" },
    waiting: { attempt: "opening" },
    unauthorised: { attempt: "opening" },
    refused: { attempt: "opening" },
  };
  const cells = Object.values(states).flatMap((state) => Object.values(signals).map((signal) => ({ state, signal })));

  it.each(cells)("$state.link and $signal.type", ({ state, signal }) => {
    const fallback =
      signal.type === "stopped" ? "idle" : signal.type === "token_missing" ? "unauthorised" : state.link;
    expect(connection(state, signal).link).toBe(moves[state.link]?.[signal.type] ?? fallback);
  });

  it("ignores frames and answers that come when nothing is running", () => {
    expect(connection(INITIAL_CONNECTION, signals.received)).toBe(INITIAL_CONNECTION);
    expect(connection(INITIAL_CONNECTION, signals.api_answered)).toBe(INITIAL_CONNECTION);
    expect(connection(INITIAL_CONNECTION, signals.authenticated)).toBe(INITIAL_CONNECTION);
  });
});
