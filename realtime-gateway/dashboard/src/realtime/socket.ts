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

export const openBrowserSocket: OpenSocket = (url, handlers) => {
  const socket = new WebSocket(url);
  socket.addEventListener("open", () => handlers.opened());
  socket.addEventListener("message", (event: MessageEvent<unknown>) => handlers.message(event.data));
  // An "error" is always followed by "close", and says less.
  socket.addEventListener("close", (event) => handlers.closed(event.code, event.reason));
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) {
        socket.send(text);
      }
    },
    close: () => socket.close(1000),
  };
};
