import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import type { OpenSocket } from "../socket";

interface ReceivedFrame {
  readonly type: string;
  readonly id?: string;
  readonly data?: { readonly token?: string; readonly channel?: string; readonly resume?: unknown };
}

/** A gateway over real sockets that says what the test tells it to, and remembers what it was told. */
export class FakeGateway {
  readonly received: ReceivedFrame[] = [];
  connections = 0;
  readonly #server: WebSocketServer;
  #socket: WebSocket | null = null;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.connections++;
      this.#socket = socket;
      socket.on("message", (data) => this.received.push(JSON.parse(String(data)) as ReceivedFrame));
    });
  }

  static start(): Promise<FakeGateway> {
    return new Promise((resolve) => {
      const server: WebSocketServer = new WebSocketServer({ host: "127.0.0.1", port: 0 }, () => resolve(new FakeGateway(server)));
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v1/stream`;
  }

  send(frame: object): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  sendText(text: string): void {
    this.#socket?.send(text);
  }

  close(code: number, reason = ""): void {
    this.#socket?.close(code, reason);
  }

  cut(): void {
    this.#socket?.terminate();
  }

  frames(type: string): ReceivedFrame[] {
    return this.received.filter((frame) => frame.type === type);
  }

  stop(): Promise<void> {
    this.#server.clients.forEach((client) => client.terminate());
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** The port of the client, on the `ws` package. */
export const openNodeSocket: OpenSocket = (url, handlers) => {
  const socket = new WebSocket(url);
  socket.on("open", () => handlers.opened());
  socket.on("message", (data, isBinary) => handlers.message(isBinary ? data : String(data)));
  socket.on("close", (code, reason) => handlers.closed(code, String(reason)));
  socket.on("error", () => undefined); // "close" follows
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) {
        socket.send(text);
      }
    },
    close: () => socket.close(1000),
  };
};
