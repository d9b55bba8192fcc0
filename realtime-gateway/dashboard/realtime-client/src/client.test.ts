import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ChannelListener } from "./audience.js";
import { RealtimeClient } from "./client.js";
import type { RealtimeOptions } from "./options.js";
import type { ChannelName, FeedEvent } from "./protocol.js";
import { FakeGateway, settled } from "./testing/fakeGateway.js";
import { ManualClock } from "./testing/manualClock.js";
import type { Token, TokenProvider } from "./tokens.js";

const HOUR = 3_600_000;
/** The first pause after a loss, at middling luck. */
const PAUSE = 4_500;
const STEP = 10_000;

let clock: ManualClock;
let gateway: FakeGateway;
let client: RealtimeClient;
let token: Token | null;
const provider = vi.fn<TokenProvider>();
const onTokenExpiring = vi.fn();
const onIdentityChanged = vi.fn();

beforeEach(() => {
  clock = new ManualClock();
  gateway = new FakeGateway(clock);
  token = { value: "token-1", expiresAt: clock.now() + HOUR };
  provider.mockReset().mockImplementation(() => token);
  onTokenExpiring.mockReset();
  onIdentityChanged.mockReset();
  client = clientOf();
});

function clientOf(overrides: Partial<RealtimeOptions> = {}): RealtimeClient {
  return new RealtimeClient({
    url: "wss://desk.example/api/v1/stream",
    token: provider,
    onTokenExpiring,
    onIdentityChanged,
    openSocket: (url, handlers) => gateway.open(url, handlers),
    fetch: gateway.fetch,
    clock,
    random: () => 0.5,
    ...overrides,
  });
}

/** What a listener is told, in words. */
function heard(log: string[]): ChannelListener {
  return {
    onEvent: ({ position }: FeedEvent) => log.push(`event ${position?.offset ?? "without position"}`),
    onSnapshot: ({ position }) => log.push(`snapshot ${position?.offset ?? "without position"}`),
    onGap: (reason) => log.push(`gap ${reason}`),
    onReset: () => log.push("reset"),
    onRefused: (message) => log.push(`refused ${message}`),
  };
}

function listen(channel: ChannelName = "tickets"): string[] {
  const log: string[] = [];
  client.subscribe(channel, heard(log));
  return log;
}

/** Brings a client to where events flow, and forgets how it got there. */
async function flowing(channel: ChannelName = "tickets"): Promise<string[]> {
  const log = listen(channel);
  client.start();
  await settled();
  log.length = 0;
  return log;
}

/** Lets time pass in steps that leave a server the time to answer. */
async function pass(ms: number): Promise<void> {
  let left = ms;
  do {
    clock.move(Math.min(left, STEP));
    await settled();
    left -= STEP;
  } while (left > 0);
}

const eventsIn = (log: string[]) => log.filter((line) => line.startsWith("event"));
const gapsIn = (log: string[]) => log.filter((line) => line.startsWith("gap"));

async function publish(channel: string, key?: string): Promise<number> {
  const offset = gateway.publish(channel, key);
  await settled();
  return offset;
}

async function close(code: number, reason?: string): Promise<void> {
  gateway.close(code, reason);
  await settled();
}

describe("connecting", () => {
  it("sends the token as first frame, never in the address, and nothing before it is accepted", async () => {
    const urls: string[] = [];
    client = clientOf({
      openSocket: (url, handlers) => {
        urls.push(url);
        return gateway.open(url, handlers);
      },
    });
    gateway.tokens.clear();
    listen();
    client.start();
    await settled();
    expect(urls).toEqual(["wss://desk.example/api/v1/stream"]);
    expect(gateway.received).toEqual([{ type: "auth", data: { token: "token-1" } }]);
  });

  it("reads the snapshot first and subscribes from its position", async () => {
    const log = listen();
    client.start();
    await settled();
    expect(log).toEqual(["snapshot 100"]);
    expect(gateway.snapshotsRead).toEqual(["/api/v1/tickets"]);
    expect(gateway.frames("subscribe")[0]?.data).toEqual({ channel: "tickets", resume: { epoch: "k3f", offset: 100 } });
    expect(client.phase).toBe("live");
  });

  it("loses nothing that happens between the snapshot and the subscription", async () => {
    client = clientOf({
      fetch: async (input, init) => {
        const answer = await gateway.fetch(input, init);
        gateway.publish("tickets");
        return answer;
      },
    });
    const log = listen();
    client.start();
    await settled();
    expect(log).toEqual(["snapshot 100", "event 101"]);
  });

  it("subscribes without a position where there is no snapshot", async () => {
    await flowing("messages");
    expect(gateway.frames("subscribe")[0]?.data).toEqual({ channel: "messages" });
  });

  it("reads the snapshot again after a pause if that failed", async () => {
    gateway.apiStatus = 503;
    await flowing();
    expect(gateway.snapshotsRead).toHaveLength(1);
    gateway.apiStatus = 200;
    await pass(PAUSE);
    expect(gateway.frames("subscribe")).toHaveLength(1);
  });

  it("goes without a snapshot that is forbidden", async () => {
    gateway.apiStatus = 403;
    await flowing();
    expect(gateway.frames("subscribe")[0]?.data).toEqual({ channel: "tickets" });
  });

  it("tries again if a socket cannot even be made", async () => {
    client = clientOf({
      openSocket: () => {
        throw new SyntaxError("no such address");
      },
    });
    client.start();
    await settled();
    expect(client.connection).toMatchObject({ link: "waiting", problem: "SyntaxError: no such address" });
  });
});

describe("receiving", () => {
  it("delivers each event once and in order", async () => {
    const log = await flowing();
    gateway.say({ type: "x", channel: "tickets", epoch: "k3f", offset: 101, prev: 100 });
    gateway.say({ type: "x", channel: "tickets", epoch: "k3f", offset: 101, prev: 100 });
    gateway.say({ type: "x", channel: "tickets", epoch: "k3f", offset: 99, prev: 98 });
    gateway.say({ type: "x", channel: "tickets", epoch: "k3f", offset: 105, prev: 101 });
    await settled();
    expect(log).toEqual(["event 101", "event 105"]);
  });

  it("ignores hostile frames and goes on", async () => {
    const log = await flowing();
    gateway.sayText("{");
    gateway.sayText('"heartbeat"');
    gateway.say({ type: "x", channel: "tickets", offset: "7" });
    gateway.say({ type: "from_the_future", data: 1 });
    gateway.say({ type: "x", channel: "never_asked_for", epoch: "k3f", offset: 900 });
    await publish("tickets");
    expect(log).toEqual(["event 101"]);
    expect(client.malformedFrames).toBe(3);
  });

  it("recovers from its position when prev tells that an event is missing", async () => {
    const log = await flowing();
    await publish("tickets");
    gateway.publish("tickets", "t-1", false);
    await publish("tickets");
    expect(gateway.frames("subscribe")[1]?.data?.resume).toEqual({ epoch: "k3f", offset: 101 });
    expect(log).toEqual(["event 101", "event 102", "event 103"]);
    expect(gateway.errors).toEqual([]);
  });

  it("reads the snapshot again if a recovery brings the same loss", async () => {
    const log = await flowing();
    const gapped = { type: "x", channel: "tickets", epoch: "k3f", offset: 110, prev: 105 };
    gateway.say(gapped);
    await settled();
    gateway.say(gapped);
    await settled();
    expect(log).toEqual(["gap lost"]);
    await pass(PAUSE);
    expect(log).toEqual(["gap lost", "snapshot 100"]);
  });

  it("sees no loss where a heartbeat has advanced a quiet channel", async () => {
    const log = await flowing();
    gateway.say({ type: "heartbeat", epoch: "k3f", offset: 400 });
    gateway.say({ type: "x", channel: "tickets", epoch: "k3f", offset: 400, prev: 100 });
    gateway.say({ type: "x", channel: "tickets", epoch: "k3f", offset: 401, prev: 390 });
    await settled();
    expect(log).toEqual(["event 401"]);
  });

  it("delivers what has no position, and does not count it", async () => {
    const log = await flowing("messages");
    gateway.say({ type: "typing_indicator", channel: "messages", data: { session_id: "s" } });
    await settled();
    await publish("messages");
    expect(log).toEqual(["event without position", "event 101"]);
  });

  it("says when a channel is refused, and leaves the rest alone", async () => {
    gateway.forbidden.add("tickets");
    const log = await flowing();
    const others = listen("approvals");
    await settled();
    expect(client.connection).toMatchObject({ link: "live", problem: "tickets: forbidden_channel" });
    await publish("approvals");
    expect(others).toEqual(["snapshot 100", "event 101"]);
    expect(log).toEqual([]);
  });

  it("does not let one listener's fault stop another", async () => {
    const faults: unknown[] = [];
    const onFault = (fault: unknown) => faults.push(fault);
    process.on("uncaughtException", onFault);
    client.subscribe("tickets", {
      onEvent: () => {
        throw new Error("a listener's own fault");
      },
    });
    const log = await flowing();
    await publish("tickets");
    process.off("uncaughtException", onFault);
    expect(log).toEqual(["event 101"]);
    expect(faults).toHaveLength(1);
  });
});

describe("resync", () => {
  it("tells of the gap, reads the named snapshot and goes on from its position", async () => {
    const log = await flowing();
    gateway.publish("tickets", "t-1", false);
    gateway.say({ type: "resync", channel: "tickets", data: { reason: "slow", snapshot: "/api/v1/tickets" } });
    await settled();
    await publish("tickets");
    expect(log).toEqual(["gap slow", "snapshot 101", "event 102"]);
    expect(gateway.errors).toEqual([]);
  });

  it("follows when what was missed has left the server's memory", async () => {
    const log = await flowing();
    await close(1006);
    gateway.publish("tickets");
    gateway.floor = 101;
    await pass(PAUSE);
    await publish("tickets");
    expect(log.slice(-3)).toEqual(["gap retention", "snapshot 101", "event 102"]);
  });

  it("never sends the token to another origin, whatever the server names", async () => {
    await flowing();
    gateway.say({ type: "resync", channel: "tickets", data: { reason: "slow", snapshot: "https://evil.example/api/v1" } });
    await settled();
    expect(gateway.snapshotsRead).toEqual(["/api/v1/tickets"]);
    expect(gateway.frames("subscribe")[1]?.data).toEqual({ channel: "tickets" });
  });

  it("follows when offsets have started anew while it was away", async () => {
    const log = await flowing();
    await close(1006);
    gateway.restart("new");
    await pass(PAUSE);
    await publish("tickets");
    expect(log.slice(-3)).toEqual(["gap epoch", "snapshot 0", "event 1"]);
  });

  it("follows when an event or a heartbeat comes with another epoch, and pauses before the next time", async () => {
    const log = await flowing();
    gateway.restart("new");
    gateway.say({ type: "x", channel: "tickets", epoch: "new", offset: 1 });
    await settled();
    expect(log).toEqual(["gap feed restarted", "snapshot 0"]);
    gateway.restart("newer");
    gateway.say({ type: "heartbeat", epoch: "newer", offset: 0 });
    await settled();
    expect(log.slice(2)).toEqual(["gap feed restarted"]);
    await pass(PAUSE);
    await publish("tickets");
    expect(log.slice(3)).toEqual(["snapshot 0", "event 1"]);
  });

  it("does not wait for ever for the reason why nothing was recovered", async () => {
    const log = await flowing();
    await close(1006);
    gateway.publish("tickets");
    gateway.floor = 101;
    gateway.explains = false;
    await pass(PAUSE);
    expect(gapsIn(log)).toEqual([]);
    await pass(1_000);
    expect(gapsIn(log)).toEqual(["gap not recovered"]);
    await publish("tickets");
    expect(log.slice(-2)).toEqual(["snapshot 101", "event 102"]);
  });
});

describe("reconnecting", () => {
  it("resumes where it stood, without a gap, and drops what comes twice", async () => {
    const log = await flowing();
    await publish("tickets");
    await close(1006);
    gateway.publish("tickets");
    gateway.publish("tickets");
    gateway.overlap = 1;
    await pass(PAUSE);
    expect(eventsIn(log)).toEqual(["event 101", "event 102", "event 103"]);
    expect(gapsIn(log)).toEqual([]);
    expect(gateway.frames("subscribe")[1]?.data?.resume).toEqual({ epoch: "k3f", offset: 101 });
  });

  it("resumes every channel at its own position, as heartbeats have advanced it", async () => {
    await flowing();
    listen("approvals");
    await settled();
    await publish("approvals");
    await pass(30_000); // a heartbeat: all are complete up to 101
    await publish("tickets");
    await close(1006);
    await pass(PAUSE);
    expect(gateway.frames("subscribe").slice(2).map(({ data }) => [data?.channel, data?.resume?.offset])).toEqual([
      ["tickets", 102],
      ["approvals", 101],
    ]);
  });

  it("moves when the server asks for it, after the delay that the server chose", async () => {
    const log = await flowing();
    gateway.say({ type: "reconnect", data: { after_ms: 8_123, reason: "drain" } });
    await settled();
    await pass(8_122);
    expect(gateway.connections).toBe(1);
    gateway.publish("tickets", "t-1", false);
    await pass(1);
    expect(gateway.connections).toBe(2);
    expect(client.connection).toMatchObject({ link: "live", failures: 0 });
    expect(log).toEqual(["event 101"]);
  });

  it("keeps to that delay if the connection is closed before", async () => {
    await flowing();
    gateway.say({ type: "reconnect", data: { after_ms: 20_000, reason: "drain" } });
    await settled();
    await close(1012);
    await pass(19_999);
    expect(gateway.connections).toBe(1);
    await pass(1);
    expect(gateway.connections).toBe(2);
  });

  it.each([1006, 1011, 1012, 4001, 4008, 4009])("comes back after code %i", async (code) => {
    await flowing();
    await close(code);
    await pass(PAUSE);
    expect(client.phase).toBe("live");
  });

  it.each([4400, 4429, 4430])("does not come back after code %i until it is told to", async (code) => {
    const log = await flowing();
    await close(code, "because");
    await pass(HOUR / 2);
    expect(gateway.connections).toBe(1);
    expect(client.connection).toMatchObject({ link: "refused", problem: "because" });
    expect(client.phase).toBe("polling");
    expect(log).toContain("snapshot 100");
    client.retryNow();
    await settled();
    expect(client.phase).toBe("live");
  });

  it("waits longer after each failure, up to 48 s", async () => {
    gateway.isReachable = false;
    gateway.apiStatus = null;
    const attempts: number[] = [];
    client = clientOf({
      random: () => 1 - Number.EPSILON,
      openSocket: (url, handlers) => {
        attempts.push(clock.now());
        return gateway.open(url, handlers);
      },
    });
    client.start();
    for (let second = 0; second < 200; second++) {
      await pass(1_000);
    }
    const pauses = attempts.slice(1).map((at, n) => at - (attempts[n] ?? 0));
    expect(pauses).toEqual([6_000, 12_000, 24_000, 48_000, 48_000, 48_000]);
  });

  it("gives a half-open connection up after two and a half heartbeats, and resumes on another", async () => {
    const log = await flowing();
    gateway.answers = false;
    gateway.publish("tickets");
    await pass(30_000);
    await pass(30_000);
    expect(client.phase).toBe("live");
    await pass(30_000);
    expect(client.connection).toMatchObject({ link: "waiting", failures: 1 });
    gateway.answers = true;
    await pass(PAUSE);
    expect(eventsIn(log)).toEqual(["event 101"]);
  });

  it("keeps a quiet connection that answers heartbeats", async () => {
    await flowing();
    for (let beat = 0; beat < 20; beat++) {
      await pass(30_000);
    }
    expect(gateway.connections).toBe(1);
    expect(gateway.frames("heartbeat")).toHaveLength(20);
  });

  it("gives an attempt up that leads nowhere", async () => {
    gateway.answers = false;
    client.start();
    await settled();
    await pass(10_000);
    expect(client.connection.link).toBe("waiting");
  });

  it("does nothing more once it is stopped, and forgets what it knew", async () => {
    const log = await flowing();
    client.stop();
    await settled();
    expect(clock.pending).toEqual([]);
    expect(client.connection.link).toBe("idle");
    expect(log).toEqual(["reset"]);
    client.start();
    await settled();
    expect(log).toEqual(["reset", "snapshot 100"]);
  });
});

describe("without a stream", () => {
  beforeEach(() => {
    gateway.isReachable = false;
  });

  it("polls the snapshots of what is listened to, every 3 s", async () => {
    const log = listen();
    listen("messages"); // has none
    client.start();
    await settled();
    expect(client.phase).toBe("connecting");
    await pass(1_000);
    expect(client.phase).toBe("polling");
    await pass(3_000);
    expect(log).toEqual(["snapshot 100", "snapshot 100"]);
    expect(gateway.snapshotsRead).toEqual(["/api/v1/tickets", "/api/v1/tickets"]);
  });

  it("asks no more than a connection takes to be made", async () => {
    gateway.isReachable = true;
    await flowing();
    await pass(20_000);
    expect(gateway.snapshotsRead).toHaveLength(1);
  });

  it("is offline while the API does not answer either, asks it ever more rarely, and comes back with nothing lost", async () => {
    gateway.isReachable = true;
    const log = await flowing();
    gateway.isReachable = false;
    gateway.apiStatus = null;
    gateway.snapshotsRead.length = 0;
    await close(1006);
    const phases = [client.phase];
    client.watch(() => phases.at(-1) !== client.phase && phases.push(client.phase));
    for (let second = 0; second < 120; second++) {
      await pass(1_000);
    }
    expect(gateway.snapshotsRead.length).toBeLessThan(25);
    gateway.publish("tickets");
    gateway.apiStatus = 200;
    for (let second = 0; second < 50; second++) {
      await pass(1_000);
    }
    gateway.isReachable = true;
    client.retryNow();
    await settled();
    expect(phases).toEqual(["connecting", "offline", "polling", "live"]);
    expect(eventsIn(log)).toEqual(["event 101"]);
  });

  it("counts as offline after some failures if nothing has a snapshot", async () => {
    listen("messages");
    client.start();
    for (let second = 0; second < 30; second++) {
      await pass(1_000);
    }
    expect(client.phase).toBe("offline");
  });

  it("begins the stream where the first polled snapshot stood", async () => {
    listen();
    client.start();
    await settled();
    await pass(1_000);
    gateway.isReachable = true;
    await pass(PAUSE);
    expect(gateway.frames("subscribe")[0]?.data?.resume).toEqual({ epoch: "k3f", offset: 100 });
  });

  it("polls at the pace that a channel is given", async () => {
    client = clientOf({ pollMs: () => 2_000 });
    const log = listen();
    client.start();
    await settled();
    await pass(1_000);
    await pass(2_000);
    expect(log).toHaveLength(2);
  });
});

describe("the token", () => {
  const fresh = () => {
    gateway.tokens.set("token-2", { client: "acme", user: "ada@acme.example", roles: ["admin"] });
    token = { value: "token-2", expiresAt: clock.now() + 2 * HOUR };
  };

  it("is replaced on the open connection a minute before it expires", async () => {
    await flowing();
    await pass(HOUR - 60_001);
    expect(gateway.frames("refresh")).toEqual([]);
    provider.mockImplementation(async () => {
      fresh();
      return token;
    });
    await pass(1);
    expect(gateway.frames("refresh")[0]?.data?.token).toBe("token-2");
    expect(gateway.connections).toBe(1);
    expect(onTokenExpiring).not.toHaveBeenCalled();
  });

  it("is called expiring if the provider has no other", async () => {
    await flowing();
    await pass(HOUR - 60_000);
    expect(onTokenExpiring).toHaveBeenCalledOnce();
    fresh();
    client.tokenChanged();
    await settled();
    expect(gateway.frames("refresh")[0]?.data?.token).toBe("token-2");
  });

  it("is asked for again if the provider failed", async () => {
    await flowing();
    provider.mockRejectedValueOnce(new Error("the issuer does not answer"));
    await pass(HOUR - 60_000);
    fresh();
    await pass(5_000);
    expect(gateway.frames("refresh")[0]?.data?.token).toBe("token-2");
    expect(onTokenExpiring).not.toHaveBeenCalled();
  });

  it("is asked for again if the server does not take it as a replacement", async () => {
    await flowing();
    token = { value: "spoilt", expiresAt: clock.now() + 2 * HOUR };
    client.tokenChanged();
    await settled();
    expect(gateway.errors).toEqual(["invalid_token"]);
    expect(client.connection).toMatchObject({ link: "live", problem: "invalid_token" });
    fresh();
    await pass(5_000);
    expect(gateway.frames("refresh").map(({ data }) => data?.token)).toEqual(["spoilt", "token-2"]);
    expect(gateway.connections).toBe(1);
  });

  it("is asked for again before the next attempt if it was refused", async () => {
    token = { value: "spoilt", expiresAt: clock.now() + HOUR };
    client.start();
    await settled();
    expect(client.connection).toMatchObject({ link: "waiting", failures: 1 });
    fresh();
    await pass(PAUSE);
    expect(client.phase).toBe("live");
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it("is not tried again once the server has called it expired", async () => {
    await flowing();
    await close(4005, "the token has expired");
    await pass(0);
    expect(client.connection.link).toBe("unauthorised");
    expect(onTokenExpiring).toHaveBeenCalledOnce();
    await pass(60_000);
    expect(gateway.connections).toBe(1);
    fresh();
    client.tokenChanged();
    await settled();
    expect(client.phase).toBe("live");
  });

  it("is waited for if there is none, without asking the API in vain", async () => {
    token = null;
    listen();
    client.start();
    await settled();
    await pass(60_000);
    expect(client.connection.link).toBe("unauthorised");
    expect(gateway.connections + gateway.snapshotsRead.length).toBe(0);
    fresh();
    client.tokenChanged();
    await settled();
    expect(client.phase).toBe("live");
  });

  it.each([
    { client: "globex", user: "ada@acme.example" },
    { client: "acme", user: "bob@acme.example" },
  ])("of another ($client, $user) makes another connection and leaves nothing of the one before", async (other) => {
    const log = await flowing();
    gateway.tokens.set("token-3", { ...other, roles: ["viewer"] });
    token = { value: "token-3", expiresAt: clock.now() + HOUR };
    client.tokenChanged();
    await settled();
    expect(gateway.errors).toEqual(["other_identity"]);
    expect(gateway.connections).toBe(2);
    expect(client.connection.session).toMatchObject({ clientId: other.client, user: other.user });
    expect(onIdentityChanged).toHaveBeenCalledOnce();
    expect(log).toEqual(["reset", "snapshot 100"]);
  });

  it("with more roles opens what was refused", async () => {
    gateway.forbidden.add("tickets");
    const log = await flowing();
    gateway.forbidden.clear();
    gateway.tokens.set("token-2", { client: "acme", user: "ada@acme.example", roles: ["admin", "agent"] });
    token = { value: "token-2", expiresAt: clock.now() + HOUR };
    client.tokenChanged();
    await settled();
    await publish("tickets");
    expect(log.at(-1)).toBe("event 101");
  });

  it("with fewer roles ends the channels that the server names", async () => {
    const log = await flowing();
    const data = { code: "forbidden_channel", message: "not any more", channel: "tickets" };
    gateway.say({ type: "error", data });
    await settled();
    expect(log).toEqual(["refused not any more"]);
  });
});

describe("a state channel", () => {
  const values = () => [...client.latest("metrics")].map(([key, { position }]) => [key, position?.offset]);

  it("begins with the present state, and keeps the newest of each key", async () => {
    gateway.publish("metrics", "open");
    gateway.publish("metrics", "closed");
    const log = listen("metrics");
    client.start();
    await settled();
    expect(values()).toEqual([["open", 102], ["closed", 102]]);
    await publish("metrics", "open");
    expect(values()).toEqual([["closed", 102], ["open", 103]]);
    expect(log).toEqual(["event 102", "event 102", "event 103"]);
  });

  it("is told when nothing is reported, and keeps nothing that is gone", async () => {
    const emptied: (string | null)[] = [];
    const log = listen("metrics");
    client.subscribe("metrics", { onEmpty: (key) => emptied.push(key) });
    client.start();
    await settled();
    expect(emptied).toEqual([null]);
    await publish("metrics", "open");
    await publish("metrics", "closed");
    const empty = (key?: string) =>
      gateway.say({ type: "state_empty", channel: "metrics", epoch: "k3f", offset: 130, snapshot: true, key, data: {} });
    empty("open");
    await settled();
    expect(values()).toEqual([["closed", 102]]);
    empty();
    await settled();
    expect(values()).toEqual([]);
    expect(emptied).toEqual([null, "open", null]);
    expect(log).toEqual(["event 101", "event 102"]);
    expect(client.connection.problem).toBeNull();
  });

  it("knows no loss, and drops only what is not newer than its key", async () => {
    const log = await flowing("metrics");
    const frame = (key: string, offset: number) =>
      gateway.say({ type: "metrics_updated", channel: "metrics", epoch: "k3f", offset, key, data: {} });
    frame("open", 120);
    frame("closed", 110);
    frame("open", 120);
    frame("open", 119);
    await settled();
    expect(log).toEqual(["event 120", "event 110"]);
  });

  it("is read anew after a loss, without a resume, and without the keys that are gone", async () => {
    await flowing("metrics");
    await publish("metrics", "open");
    await close(1006);
    gateway.restart("k3f");
    gateway.publish("metrics", "closed");
    await pass(PAUSE);
    expect(gateway.frames("subscribe")[1]?.data).toEqual({ channel: "metrics" });
    expect(values()).toEqual([["closed", 1]]);
  });

  it("takes another epoch without further ado", async () => {
    const log = await flowing("metrics");
    await publish("metrics", "open");
    gateway.restart("new");
    gateway.say({ type: "heartbeat", epoch: "new", offset: 0 });
    await publish("metrics", "open");
    expect(log).toEqual(["event 101", "event 1"]);
    expect(values()).toEqual([["open", 1]]);
  });

  it("shows the same object until something changes", async () => {
    await flowing("metrics");
    await publish("metrics", "open");
    const before = client.latest("metrics");
    expect(client.latest("metrics")).toBe(before);
    await publish("metrics", "open");
    expect(client.latest("metrics")).not.toBe(before);
  });
});

describe("several listeners of a channel", () => {
  it("share one subscription, which ends a moment after the last of them has gone", async () => {
    const leaveFirst = client.subscribe("tickets", {});
    const leaveSecond = client.subscribe("tickets", {});
    client.start();
    await settled();
    expect(gateway.frames("subscribe")).toHaveLength(1);
    leaveFirst();
    await pass(60_000);
    expect(gateway.frames("unsubscribe")).toEqual([]);
    leaveSecond();
    await pass(1_000);
    expect(gateway.frames("unsubscribe")).toHaveLength(1);
    expect(gateway.errors).toEqual([]);
  });

  it("do not notice when one leaves and comes back at once", async () => {
    const leave = client.subscribe("tickets", {});
    client.start();
    await settled();
    leave();
    leave();
    const log = listen();
    await pass(5_000);
    await publish("tickets");
    expect(log).toEqual(["snapshot 100", "event 101"]);
    expect(gateway.frames("subscribe")).toHaveLength(1);
    expect(gateway.frames("unsubscribe")).toEqual([]);
  });

  it("are each given a snapshot, and a late one then the events since", async () => {
    const first = await flowing();
    const late = listen();
    gateway.publish("tickets"); // while the late one's snapshot is read: it waits
    await settled();
    await publish("tickets");
    expect(first).toEqual(["event 101", "event 102"]);
    expect(late.filter((line) => line.startsWith("snapshot"))).toHaveLength(1);
    expect(late.at(-1)).toBe("event 102");
  });

  it("resume nothing after the channel was closed in between", async () => {
    const leave = client.subscribe("tickets", {});
    client.start();
    await settled();
    leave();
    await pass(1_000);
    const log = listen();
    await settled();
    expect(log).toEqual(["snapshot 100"]);
    expect(gateway.frames("subscribe")).toHaveLength(2);
  });
});

describe("sending", () => {
  it("says that somebody is typing at most every 3 s and session", async () => {
    await flowing();
    expect([client.typing("s-1"), client.typing("s-1"), client.typing("s-2")]).toEqual([true, false, true]);
    await pass(3_000);
    expect(client.typing("s-1")).toBe(true);
    await settled();
    expect(gateway.frames("typing").map(({ data }) => data?.session_id)).toEqual(["s-1", "s-2", "s-1"]);
  });

  it("asks for sessions, queue and metrics, and takes it lightly if the server does not offer that", async () => {
    await flowing();
    client.requestSessionUpdate();
    client.requestSessionUpdate("s-1");
    client.requestQueueUpdate();
    client.requestMetricsUpdate();
    await settled();
    expect(gateway.received.slice(-4).map(({ type, data }) => [type, data])).toEqual([
      ["request_session_update", {}],
      ["request_session_update", { session_id: "s-1" }],
      ["request_queue_update", {}],
      ["request_metrics_update", {}],
    ]);
    expect(client.connection.problem).toBeNull();
  });

  it("says so if nothing can be sent", () => {
    expect([client.typing("s-1"), client.requestQueueUpdate()]).toEqual([false, false]);
  });

  it("paces itself, so that a hundred channels do not cost the connection", async () => {
    for (let n = 0; n < 120; n++) {
      client.subscribe(`ticket:${n}`, {});
    }
    client.start();
    await settled();
    expect(gateway.frames("subscribe").length).toBeLessThan(100);
    expect(client.typing("s-1")).toBe(false);
    for (let second = 0; second < 130; second++) {
      await pass(1_000);
    }
    expect(gateway.frames("subscribe")).toHaveLength(120);
    expect(gateway.connections).toBe(1);
  });
});
