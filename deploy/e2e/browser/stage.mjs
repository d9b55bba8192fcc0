// Serves a built dashboard as the gateway does, with its policy, and passes the API on to a running system. The stream is
// passed on too, or played: then as many events come as are wanted, and the system has to make none of them.
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { extname, join, normalize } from "node:path";
import { WebSocketServer } from "ws";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";
const EPOCH = "played";

/** `dist`: the built page; `gateway`: the running system's address; `played`: a stream of one's own, see `Played`. */
export async function stage({ dist, gateway, played = null }) {
  const target = new URL(gateway);
  const server = createServer((incoming, outgoing) => {
    if (incoming.url.startsWith("/api/")) {
      pass(incoming, outgoing);
    } else {
      void file(incoming.url.split("?")[0], outgoing);
    }
  });

  function pass(incoming, outgoing) {
    const headers = { ...incoming.headers, host: target.host };
    delete headers.origin; // is ours, which the gateway does not know
    const onward = request({ host: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers });
    onward.on("response", (answer) => {
      const own = { ...answer.headers };
      if (played !== null && own["feed-position"] !== undefined) {
        own["feed-position"] = `${EPOCH}:${played.offset}`;
      }
      outgoing.writeHead(answer.statusCode, own);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  }

  async function file(path, outgoing) {
    const wanted = extname(path) === "" ? "/index.html" : normalize(path);
    try {
      const content = await readFile(join(dist, wanted));
      outgoing.writeHead(200, {
        "Content-Type": TYPES[extname(wanted)] ?? "application/octet-stream",
        "Content-Security-Policy": POLICY,
        "Cache-Control": wanted.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      });
      outgoing.end(content);
    } catch {
      outgoing.writeHead(404).end();
    }
  }

  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (incoming, socket, head) => {
    if (played !== null) {
      sockets.handleUpgrade(incoming, socket, head, (opened) => played.welcome(opened));
      return;
    }
    const headers = Object.entries({ ...incoming.headers, host: target.host }).filter(([name]) => name !== "origin");
    const onward = connect(Number(target.port), target.hostname, () => {
      onward.write(`GET ${incoming.url} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  await new Promise((resolve) => server.listen(Number(process.env["STAGE_PORT"] ?? 0), "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      played?.stop();
      sockets.clients.forEach((each) => each.terminate());
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What comes about a ticket, one after the other; then about the next. */
const STORY = [
  ["tickets", "ticket_received", { status: "received", channel: "email", priority: "normal" }],
  ["tickets", "ticket_classified", { status: "analyzing", category: "refund_request", confidence: 0.93, language: "en" }],
  ["approvals", "approval_requested", { status: "pending", action_type: "refund" }],
  ["approvals", "approval_decided", { status: "approved", decided_by: "user:approver@acme.example" }],
  ["actions", "action_executing", { status: "executing", action_type: "refund", amount: "25.00", currency: "EUR" }],
  ["actions", "action_succeeded", { status: "succeeded", action_type: "refund", amount: "25.00", currency: "EUR" }],
  ["ai", "ai_activity", { ai_employee: "luna", activity: { ai_employee: "luna", type: "task", description: "Resolved: refund request", outcome: "resolved" } }],
  ["tickets", "ticket_resolved", { status: "resolved", category: "refund_request" }],
];
const TICKETS = 500;
const TICK_MS = 20;

/** A stream that keeps the protocol and says `rate` things a second to whoever has subscribed. */
export class Played {
  offset = 1_000;
  sent = 0;
  #rate = 0;
  #last = new Map();
  #step = 0;
  #peers = new Set();
  #timer = null;

  welcome(socket) {
    const peer = { socket, channels: new Set() };
    this.#peers.add(peer);
    socket.on("close", () => this.#peers.delete(peer));
    socket.on("message", (text) => this.#answer(peer, JSON.parse(String(text))));
  }

  play(rate) {
    this.stop();
    this.#rate = rate;
    const began = performance.now();
    let done = 0;
    this.#timer = setInterval(() => {
      // By the clock, not by the timer: what a late one missed it makes up for.
      const due = Math.floor(((performance.now() - began) / 1_000) * this.#rate);
      for (; done < due; done++) {
        this.#say();
      }
    }, TICK_MS);
  }

  stop() {
    clearInterval(this.#timer);
  }

  #answer(peer, { type, id, data }) {
    const send = (frame) => peer.socket.send(JSON.stringify(frame));
    switch (type) {
      case "auth":
      case "refresh": {
        const claims = JSON.parse(Buffer.from(data.token.split(".")[1], "base64url").toString());
        const { tenant, roles, email, sub } = claims;
        send({
          type: "auth_success",
          data: { client_id: tenant, user: email ?? sub, roles, heartbeat_seconds: 30, connection_id: "played" },
        });
        break;
      }
      case "subscribe":
        peer.channels.add(data.channel);
        send({ type: "subscribed", id, data: { channel: data.channel, epoch: EPOCH, offset: this.offset, recovered: true } });
        break;
      case "unsubscribe":
        peer.channels.delete(data.channel);
        break;
      case "heartbeat":
        send({ type: "heartbeat", epoch: EPOCH, offset: this.offset });
        break;
      default:
    }
  }

  #say() {
    const step = this.#step++;
    const [channel, type, told] = STORY[step % STORY.length];
    const number = (Math.floor(step / STORY.length) % TICKETS).toString(16).padStart(12, "0");
    const ticket = `0199f3a2-0000-7000-8000-${number}`;
    const key = channel === "tickets" ? ticket : `0199f3a3-0000-7000-8000-${number}`;
    const offset = ++this.offset;
    const prev = this.#last.get(channel) ?? offset - 1;
    this.#last.set(channel, offset);
    const time = new Date().toISOString();
    const data = { ...told, ticket_id: ticket, subject: `Played ticket ${number}`, summary: `Step ${step}`, version: step, updated_at: time };
    if (channel === "ai") {
      data.activity = { ...told.activity, activity_id: key, ticket_id: ticket, timestamp: time };
    }
    const frame = JSON.stringify({ type, channel, epoch: EPOCH, offset, prev, time, key, data });
    for (const { socket, channels } of this.#peers) {
      if (channels.has(channel) || channels.has(`ticket:${ticket}`)) {
        socket.send(frame);
        this.sent++;
      }
    }
  }
}
