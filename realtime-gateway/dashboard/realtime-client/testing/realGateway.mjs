// Runs the built client against a real gateway, for the gateway's tests: says in JSON lines what it hears, and does what
// it is told in lines (drop, retry, token <jwt>). Ends with its standard input.
import { createInterface } from "node:readline";
import { RealtimeClient, socketsOf } from "realtime-client";
import { WebSocket } from "ws";

const LIFETIME_MS = 900_000;

let socket;
let token = process.env.OPSRELAY_TOKEN;
const say = (heard, what) => process.stdout.write(`${JSON.stringify({ heard, ...what })}\n`);

const client = new RealtimeClient({
  url: process.argv[2],
  token: () => ({ value: token, expiresAt: Date.now() + LIFETIME_MS }),
  openSocket: socketsOf((url) => (socket = new WebSocket(url))),
});
client.watch(() => {
  const { link, problem, session } = client.connection;
  say("connection", { link, problem, phase: client.phase, roles: session?.roles ?? [] });
});
client.subscribe("tickets", {
  onEvent: ({ type, position }) => say("event", { type, offset: position?.offset }),
  onSnapshot: ({ body, position }) => say("snapshot", { body, offset: position?.offset }),
  onGap: (reason) => say("gap", { reason }),
  onRefused: (message) => say("refused", { message }),
});
client.start();

const commands = {
  drop: () => socket.terminate(),
  retry: () => client.retryNow(),
  token: (next) => {
    token = next;
    client.tokenChanged();
  },
};
createInterface({ input: process.stdin })
  .on("line", (line) => {
    const [command, argument] = line.split(" ");
    commands[command](argument);
  })
  .on("close", () => {
    client.stop();
    socket?.terminate();
  });
