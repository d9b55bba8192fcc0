import { describe, expect, it } from "vitest";
import { clientFrame, parseFrame } from "./protocol.js";

const parse = (frame: unknown) => parseFrame(JSON.stringify(frame));

describe("reading frames of the server", () => {
  it("reads an event with its position", () => {
    const frame = {
      type: "ticket_classified",
      channel: "tickets",
      epoch: "k3f",
      offset: 10_455,
      prev: 10_431,
      time: "2026-11-20T10:00:00.123Z",
      key: "t-1",
      data: { category: "refund_request" },
    };
    expect(parse(frame)).toEqual({
      kind: "event",
      type: "ticket_classified",
      channel: "tickets",
      position: { epoch: "k3f", offset: 10_455 },
      prev: 10_431,
      time: "2026-11-20T10:00:00.123Z",
      key: "t-1",
      snapshot: false,
      data: { category: "refund_request" },
    });
  });

  it("reads an ephemeral event, which has no position", () => {
    expect(parse({ type: "typing_indicator", channel: "messages", data: {} })).toMatchObject({ position: null });
  });

  it("reads who the connection belongs to, and leaves out roles that are none", () => {
    const data = { client_id: "acme", user: "a@acme.example", roles: ["admin", 7, null], heartbeat_seconds: 20 };
    expect(parse({ type: "auth_success", data })).toEqual({
      kind: "auth_success",
      session: {
        clientId: "acme",
        user: "a@acme.example",
        roles: ["admin"],
        connectionId: null,
        heartbeatSeconds: 20,
      },
    });
  });

  it("does not let a server ask for heartbeats without pause", () => {
    for (const heartbeat_seconds of [0, -5, NaN, "1"]) {
      const frame = parse({ type: "auth_success", data: { client_id: "acme", user: "a", heartbeat_seconds } });
      expect(frame).toMatchObject({ session: { heartbeatSeconds: 30 } });
    }
  });

  it("bounds the delay of a reconnect frame", () => {
    expect(parse({ type: "reconnect", data: { after_ms: 8_123, reason: "drain" } })).toMatchObject({ afterMs: 8_123 });
    expect(parse({ type: "reconnect", data: { after_ms: -1 } })).toMatchObject({ afterMs: 0 });
    expect(parse({ type: "reconnect", data: { after_ms: 1e12 } })).toMatchObject({ afterMs: 300_000 });
    expect(parse({ type: "reconnect" })).toMatchObject({ afterMs: 0 });
  });

  it("ignores frames of a later protocol", () => {
    expect(parse({ type: "quantum_state", data: { spin: "up" } })).toEqual({ kind: "unknown", type: "quantum_state" });
  });

  it("reads a heartbeat without a position, and an error without a text", () => {
    expect(parse({ type: "heartbeat" })).toEqual({ kind: "heartbeat", position: null });
    expect(parse({ type: "error" })).toMatchObject({ kind: "error", code: "unknown", channel: null });
  });
});

describe("hostile frames", () => {
  it.each([
    ["nothing", ""],
    ["half a document", '{"type":"heart'],
    ["a list", "[1,2,3]"],
    ["a number", "42"],
    ["null", "null"],
    ["no type", '{"data":{}}'],
    ["a type that is no string", '{"type":{"toString":"x"}}'],
    ["auth_success without a client", '{"type":"auth_success","data":{"user":"a"}}'],
    ["auth_success without data", '{"type":"auth_success"}'],
    ["subscribed without a channel", '{"type":"subscribed","data":{"recovered":true}}'],
    ["state_empty without a channel", '{"type":"state_empty","snapshot":true}'],
    ["resync without a channel", '{"type":"resync","data":{"reason":"retention"}}'],
    ["an event without an epoch", '{"type":"x","channel":"tickets","offset":3}'],
    ["an event without an offset", '{"type":"x","channel":"tickets","epoch":"k3f"}'],
    ["an offset that is a string", '{"type":"x","channel":"tickets","epoch":"k3f","offset":"3"}'],
    ["an offset beyond exact numbers", '{"type":"x","channel":"tickets","epoch":"k3f","offset":1e300}'],
  ])("with %s are malformed and do not throw", (_, message) => {
    expect(parseFrame(message)).toMatchObject({ kind: "malformed" });
  });

  it("that are no text are malformed", () => {
    for (const message of [new ArrayBuffer(4), undefined, { type: "heartbeat" }]) {
      expect(parseFrame(message)).toMatchObject({ kind: "malformed" });
    }
  });

  it("cannot reach the prototype of objects", () => {
    parseFrame('{"type":"x","channel":"tickets","epoch":"e","offset":1,"data":{"__proto__":{"polluted":true}}}');
    expect({}).not.toHaveProperty("polluted");
  });

  it("with data of a wrong type are read as if they had none", () => {
    for (const data of [null, 3, "text", [1, 2]]) {
      expect(parse({ type: "x", channel: "tickets", epoch: "e", offset: 1, data })).toMatchObject({ data: {} });
    }
  });
});

describe("frames of the client", () => {
  it("carry the token in the first frame", () => {
    expect(JSON.parse(clientFrame.auth("t"))).toEqual({ type: "auth", data: { token: "t" } });
  });

  it("name the position to resume from, if there is one", () => {
    expect(JSON.parse(clientFrame.subscribe("1", "tickets", { epoch: "k3f", offset: 7 }))).toEqual({
      type: "subscribe",
      id: "1",
      data: { channel: "tickets", resume: { epoch: "k3f", offset: 7 } },
    });
    expect(JSON.parse(clientFrame.subscribe("2", "tickets", null)).data).toEqual({ channel: "tickets" });
  });
});
