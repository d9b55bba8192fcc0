// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeGateway, openNodeSocket } from "./testing/fakeGateway";
import { ManualClock } from "./testing/manualClock";
import { RealtimeClient, type RealtimeOptions, type Token } from "./client";
import { phase } from "./connection";
import type { Position } from "./position";

const EPOCH = "k3f";
const at = (offset: number): Position => ({ epoch: EPOCH, offset });

let gateway: FakeGateway;
let clock: ManualClock;
let client: RealtimeClient;
let token: Token | null;
let delivered: number[];
let gaps: string[];
let snapshots: (string | null)[];
let snapshot: () => Promise<Position | null>;
const onTokenExpiring = vi.fn();
const onClientChanged = vi.fn();

beforeEach(async () => {
  gateway = await FakeGateway.start();
  clock = new ManualClock();
  token = { value: "token-1", expiresAt: clock.now() + 3_600_000 };
  delivered = [];
  gaps = [];
  snapshots = [];
  snapshot = () => Promise.resolve(at(100));
  onTokenExpiring.mockReset();
  onClientChanged.mockReset();
  client = clientOf();
});

afterEach(async () => {
  client.stop();
  await gateway.stop();
});

function clientOf(overrides: Partial<RealtimeOptions> = {}): RealtimeClient {
  return new RealtimeClient({
    url: gateway.url,
    channels: ["tickets"],
    token: () => token,
    loadSnapshot: (_, address) => {
      snapshots.push(address);
      return snapshot();
    },
    onEvent: (event) => delivered.push(event.position?.offset ?? -1),
    onGap: (channel, reason) => gaps.push(`${channel} ${reason}`),
    onTokenExpiring,
    onClientChanged,
    openSocket: openNodeSocket,
    clock,
    random: () => 0.5,
    ...overrides,
  });
}

const until = (condition: () => void) => vi.waitFor(condition, { timeout: 3_000, interval: 2 });
const received = (type: string, count: number) =>
  until(() => expect(gateway.frames(type).length).toBeGreaterThanOrEqual(count));
const authSuccess = (clientId = "acme") =>
  gateway.send({
    type: "auth_success",
    data: { client_id: clientId, user: `admin@${clientId}.example`, roles: ["admin"], heartbeat_seconds: 30 },
  });
const subscribed = (recovered = true, offset = 100) =>
  gateway.send({
    type: "subscribed",
    id: gateway.frames("subscribe").at(-1)?.id,
    data: { channel: "tickets", epoch: EPOCH, offset, recovered },
  });
const event = (offset: number, prev: number | null, epoch = EPOCH) =>
  gateway.send({ type: "ticket_received", channel: "tickets", epoch, offset, prev, key: "t", data: {} });

/** Brings a client to where events flow: authenticated, subscribed from the snapshot's position. */
async function flowing(): Promise<void> {
  client.start();
  await received("auth", 1);
  authSuccess();
  await received("subscribe", 1);
  subscribed();
}

describe("connecting", () => {
  it("sends the token as first frame and nothing before it is accepted", async () => {
    client.start();
    await received("auth", 1);
    expect(gateway.received).toEqual([{ type: "auth", data: { token: "token-1" } }]);
    expect(client.connection.link).toBe("authenticating");
  });

  it("reads the snapshot first and subscribes from its position", async () => {
    await flowing();
    expect(snapshots).toEqual([null]);
    expect(gateway.frames("subscribe")[0]?.data).toEqual({ channel: "tickets", resume: at(100) });
    expect(phase(client.connection)).toBe("live");
  });

  it("subscribes without a position where there is no snapshot", async () => {
    snapshot = () => Promise.resolve(null);
    await flowing();
    expect(gateway.frames("subscribe")[0]?.data).toEqual({ channel: "tickets" });
  });

  it("reads the snapshot again after a pause if that failed", async () => {
    snapshot = () => Promise.reject(new Error("503"));
    client.start();
    await received("auth", 1);
    authSuccess();
    await until(() => expect(snapshots).toHaveLength(1));
    await until(() => expect(clock.pending).toContain(4_500));
    snapshot = () => Promise.resolve(at(100));
    clock.move(4_500);
    await received("subscribe", 1);
  });

  it("does not try without a valid token, and starts when there is one", async () => {
    token = { value: "old", expiresAt: clock.now() };
    client.start();
    expect(client.connection.link).toBe("unauthorised");
    expect(onTokenExpiring).toHaveBeenCalledOnce();
    token = { value: "token-2", expiresAt: clock.now() + 60_000 };
    client.tokenChanged();
    await received("auth", 1);
    expect(gateway.frames("auth")[0]?.data?.token).toBe("token-2");
  });
});

describe("receiving", () => {
  it("delivers each event once and in order", async () => {
    await flowing();
    event(101, 100);
    event(101, 100);
    event(99, 98);
    event(105, 101);
    await until(() => expect(delivered).toEqual([101, 105]));
    expect(gaps).toEqual([]);
  });

  it("ignores hostile frames and goes on", async () => {
    await flowing();
    gateway.sendText("{");
    gateway.sendText('"heartbeat"');
    gateway.send({ type: "ticket_received", channel: "tickets", offset: "7" });
    gateway.send({ type: "from_the_future", data: 1 });
    gateway.send({ type: "ticket_received", channel: "never_asked_for", epoch: EPOCH, offset: 900, data: {} });
    event(101, 100);
    await until(() => expect(delivered).toEqual([101]));
    expect(client.malformedFrames).toBe(3);
  });

  it("recovers from its position when an event is missing", async () => {
    await flowing();
    event(101, 100);
    event(110, 105);
    await received("subscribe", 2);
    expect(gateway.frames("unsubscribe")).toHaveLength(1);
    expect(gateway.frames("subscribe")[1]?.data?.resume).toEqual(at(101));
    subscribed(true, 110);
    event(105, 101);
    event(110, 105);
    await until(() => expect(delivered).toEqual([101, 105, 110]));
    expect(gaps).toEqual([]);
  });

  it("resyncs if a recovery brings the same loss again", async () => {
    await flowing();
    event(110, 105);
    await received("subscribe", 2);
    subscribed(true, 110);
    event(110, 105);
    await until(() => expect(gaps).toEqual(["tickets lost"]));
  });

  it("advances a quiet channel with the heartbeat", async () => {
    await flowing();
    gateway.send({ type: "heartbeat", epoch: EPOCH, offset: 400 });
    event(400, 100);
    event(401, 100);
    await until(() => expect(delivered).toEqual([401]));
  });

  it("says when a channel is refused, and leaves the rest alone", async () => {
    client.start();
    await received("auth", 1);
    authSuccess();
    await received("subscribe", 1);
    const id = gateway.frames("subscribe")[0]?.id;
    gateway.send({ type: "error", id, data: { code: "forbidden_channel", message: "not for this role" } });
    await until(() => expect(client.connection.problem).toBe("tickets: not for this role"));
    expect(client.connection.link).toBe("live");
  });
});

describe("resync", () => {
  it("tells of the gap, reads the named snapshot and goes on from its position", async () => {
    await flowing();
    snapshot = () => Promise.resolve(at(500));
    gateway.send({ type: "resync", channel: "tickets", data: { reason: "retention", snapshot: "/api/v1/tickets" } });
    await received("subscribe", 2);
    expect(gaps).toEqual(["tickets retention"]);
    expect(snapshots).toEqual([null, "/api/v1/tickets"]);
    expect(gateway.frames("subscribe")[1]?.data?.resume).toEqual(at(500));
    subscribed(true, 500);
    event(501, 500);
    await until(() => expect(delivered).toEqual([501]));
  });

  it("follows an answer that nothing was recovered", async () => {
    client.start();
    await received("auth", 1);
    authSuccess();
    await received("subscribe", 1);
    subscribed(false);
    await until(() => expect(gaps).toEqual(["tickets not recovered"]));
  });

  it("follows a new epoch, and pauses before the next one", async () => {
    await flowing();
    event(3, 2, "new");
    await received("subscribe", 2);
    expect(gaps).toEqual(["tickets feed restarted"]);
    subscribed();
    event(4, 3, "newer");
    await until(() => expect(gaps).toHaveLength(2));
    expect(clock.pending).toContain(4_500);
    expect(gateway.frames("subscribe")).toHaveLength(2);
  });
});

describe("reconnecting", () => {
  it("resumes where it stood after a cut, without reading the snapshot again", async () => {
    await flowing();
    event(101, 100);
    await until(() => expect(delivered).toEqual([101]));
    gateway.cut();
    await until(() => expect(client.connection.link).toBe("waiting"));
    clock.move(4_500);
    await received("auth", 2);
    authSuccess();
    await received("subscribe", 2);
    expect(gateway.frames("subscribe")[1]?.data?.resume).toEqual(at(101));
    expect(snapshots).toHaveLength(1);
    subscribed(true, 103);
    event(101, 100);
    event(103, 101);
    await until(() => expect(delivered).toEqual([101, 103]));
  });

  it("moves when the server asks for it, after the delay that the server chose", async () => {
    await flowing();
    gateway.send({ type: "reconnect", data: { after_ms: 8_123, reason: "drain" } });
    await until(() => expect(clock.pending).toContain(8_123));
    clock.move(8_122);
    expect(gateway.connections).toBe(1);
    clock.move(1);
    await received("auth", 2);
    expect(client.connection.failures).toBe(0);
  });

  it("keeps to that delay if the connection is closed before", async () => {
    await flowing();
    gateway.send({ type: "reconnect", data: { after_ms: 20_000, reason: "drain" } });
    await until(() => expect(clock.pending).toContain(20_000));
    gateway.close(1012);
    await until(() => expect(client.connection.link).toBe("waiting"));
    expect(clock.pending[0]).toBe(20_000);
  });

  it("does not come back after a refusal until something changes", async () => {
    await flowing();
    gateway.close(4430, "too many connections");
    await until(() => expect(client.connection.link).toBe("refused"));
    clock.move(600_000);
    expect(gateway.connections).toBe(1);
    client.retryNow();
    await received("auth", 2);
  });

  it("gives a silent connection up after two and a half heartbeats", async () => {
    await flowing();
    event(101, 100);
    await until(() => expect(delivered).toEqual([101])); // the last frame of the server
    clock.move(60_000);
    await received("heartbeat", 2);
    clock.move(30_000);
    expect(client.connection).toMatchObject({ link: "waiting", failures: 1 });
  });

  it("gives an attempt up that leads nowhere", async () => {
    client.start();
    await received("auth", 1);
    clock.move(10_000);
    expect(client.connection.link).toBe("waiting");
    expect(clock.pending[0]).toBe(4_500);
  });

  it("does nothing more once it is stopped", async () => {
    await flowing();
    client.stop();
    expect(clock.pending).toEqual([]);
    expect(client.connection.link).toBe("idle");
  });
});

describe("the token", () => {
  it("is asked for a minute before it expires, and refreshed on the open connection", async () => {
    await flowing();
    clock.move(3_600_000 - 60_001);
    expect(onTokenExpiring).not.toHaveBeenCalled();
    clock.move(1);
    expect(onTokenExpiring).toHaveBeenCalledOnce();
  });

  it("is sent in a refresh frame when it changes", async () => {
    await flowing();
    token = { value: "token-2", expiresAt: clock.now() + 7_200_000 };
    client.tokenChanged();
    await received("refresh", 1);
    expect(gateway.frames("refresh")[0]?.data?.token).toBe("token-2");
    expect(gateway.connections).toBe(1);
  });

  it("is not tried again once the server has called it expired", async () => {
    await flowing();
    gateway.close(4005, "token expired");
    await until(() => expect(client.connection.link).toBe("waiting"));
    clock.move(0);
    expect(client.connection.link).toBe("unauthorised");
    expect(gateway.connections).toBe(1);
    token = { value: "token-2", expiresAt: clock.now() + 3_600_000 };
    client.tokenChanged();
    await received("auth", 2);
  });

  it("of another client leaves nothing of the one before", async () => {
    await flowing();
    gateway.cut();
    await until(() => expect(client.connection.link).toBe("waiting"));
    clock.move(4_500);
    await received("auth", 2);
    authSuccess("globex");
    await received("subscribe", 2);
    expect(onClientChanged).toHaveBeenCalledOnce();
    expect(snapshots).toHaveLength(2);
  });
});
