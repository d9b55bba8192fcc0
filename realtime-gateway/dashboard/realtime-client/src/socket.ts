/** What a socket tells its owner. After `closed` nothing more is told. */
export interface SocketHandlers {
  opened(): void;
  message(data: unknown): void;
  closed(code: number, reason: string): void;
}

export interface Socket {
  send(text: string): void;
  close(): void;
}

/** Opens a WebSocket. The port toward the outside world: browsers have one, tests and Node another. */
export type OpenSocket = (url: string, handlers: SocketHandlers) => Socket;

/** What the platform's `WebSocket` and that of the `ws` package have in common. */
export interface WebSocketLike {
  readonly readyState: number;
  send(text: string): void;
  close(code: number): void;
  addEventListener(type: "open" | "message" | "close" | "error", listener: (event: unknown) => void): void;
}

const OPEN = 1;
const NORMAL = 1000;

/** Sockets of a given make: `socketsOf((url) => new WebSocket(url))`, with the WebSocket of the `ws` package in Node. */
export function socketsOf(create: (url: string) => WebSocketLike): OpenSocket {
  return (url, handlers) => {
    const socket = create(url);
    socket.addEventListener("open", () => handlers.opened());
    socket.addEventListener("message", (event) => handlers.message((event as { data: unknown }).data));
    // An "error" is always followed by "close", and says less.
    socket.addEventListener("error", () => undefined);
    socket.addEventListener("close", (event) => {
      const { code, reason } = event as { code: number; reason: string };
      handlers.closed(code, reason);
    });
    return {
      send: (text) => {
        if (socket.readyState === OPEN) {
          socket.send(text);
        }
      },
      close: () => socket.close(NORMAL),
    };
  };
}

export const openBrowserSocket: OpenSocket = socketsOf((url) => new WebSocket(url));
