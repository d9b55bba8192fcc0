import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from "@tanstack/react-router";
import { act, render } from "@testing-library/react";
import { RealtimeClient, type SocketHandlers } from "realtime-client";
import { RealtimeProvider } from "realtime-client/react";
import { vi } from "vitest";
import { ApiContext, createApi } from "../lib/api";
import { PersonContext, type Person } from "../lib/session";
import { FeedContext } from "../parts/feed/context";
import { FeedStore } from "../parts/feed/store";
import { ToastProvider } from "../ui/Toast";
import { jsonAnswer } from "./answers";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

interface PageOptions {
  /**
   * What the API answers, by "METHOD /path" or "METHOD /path?query": a body (200), or a function that makes a Response, now or later.
   * Everything else is answered with an empty list.
   */
  readonly answers?: Readonly<Record<string, unknown>>;
  readonly person?: Partial<Person>;
  /** The route's id as the page names it to `getRouteApi`, without `/shell`: "/tickets/$id". By default "/". */
  readonly route?: string;
  /** The address that is opened. */
  readonly path?: string;
}

/** Gives a page what the frame gives it. The results let a test change an answer, say something on the stream, and look. */
export function renderPage(page: React.ReactNode, { answers = {}, person = {}, route = "/", path = route }: PageOptions = {}) {
  const told: Record<string, unknown> = { ...answers };
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", (input: RequestInfo | URL, init?: RequestInit) => {
    const method = init?.method ?? "GET";
    const address = String(input);
    asked.push({ method, path: address, body: typeof init?.body === "string" ? JSON.parse(init.body) : null });
    const answer = told[`${method} ${address}`] ?? told[`${method} ${address.split("?")[0]}`] ?? { items: [] };
    return Promise.resolve(typeof answer === "function" ? (answer as () => Response | Promise<Response>)() : jsonAnswer(200, answer));
  });
  let handlers: SocketHandlers | undefined;
  const realtime = new RealtimeClient({
    url: "ws://gateway/api/v1/stream",
    token: () => ({ value: "jwt", expiresAt: Date.now() + 3_600_000 }),
    loadSnapshot: () => Promise.resolve(null),
    openSocket: (_, opened) => {
      handlers = opened;
      return {
        send: (text) => {
          const frame: unknown = JSON.parse(text);
          const { type, id, data } = frame as { type: string; id?: string; data?: { channel?: string } };
          if (type === "subscribe") {
            handlers?.message(
              JSON.stringify({ type: "subscribed", id, data: { channel: data?.channel, epoch: "k3f", offset: 100, recovered: true } }),
            );
          }
        },
        close: () => undefined,
      };
    },
  });
  const somebody: Person = { user: "somebody@acme.example", clientId: "acme", clients: ["acme"], roles: ["admin"], ...person };
  const root = createRootRoute({ component: Outlet });
  const isBare = route === "/wallboard";
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Outlet });
  const under = { path: route, component: () => page, validateSearch: (raw: Record<string, unknown>) => raw };
  const tree = isBare
    ? root.addChildren([createRoute({ getParentRoute: () => root, ...under })])
    : root.addChildren([shell.addChildren([createRoute({ getParentRoute: () => shell, ...under })])]);
  const router = createRouter({
    routeTree: tree,
    history: createMemoryHistory({ initialEntries: [path] }),
    defaultNotFoundComponent: () => <p>another page</p>,
  });
  const feed = new FeedStore((task) => task());
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: 10_000, retry: false, networkMode: "always" } } });
  const view = render(
    <ApiContext value={createApi({ token: () => "jwt" })}>
      <PersonContext value={somebody}>
        <FeedContext value={feed}>
          <QueryClientProvider client={queries}>
            <RealtimeProvider client={realtime}>
              <ToastProvider>
                <RouterProvider router={router as never} />
              </ToastProvider>
            </RealtimeProvider>
          </QueryClientProvider>
        </FeedContext>
      </PersonContext>
    </ApiContext>,
  );
  let offset = 100;
  return {
    ...view,
    /** Every request so far. */
    asked,
    feed,
    /** Reads everything again, as the frame does when one presses its refresh. */
    refresh: () => queries.invalidateQueries(),
    /** The address as it is now. */
    location: () => router.state.location.href,
    /** Goes to another address, as by a link. */
    go: (address: string) => act(() => router.history.push(address)),
    answer: (request: string, body: unknown) => {
      told[request] = body;
    },
    /** Opens the stream; before that the page is not live. */
    goLive: () =>
      act(async () => {
        await vi.waitFor(() => {
          if (handlers === undefined) {
            throw new Error("no socket yet");
          }
        });
        handlers?.opened();
        await Promise.resolve();
        const data = { client_id: "acme", user: somebody.user, roles: somebody.roles, heartbeat_seconds: 30 };
        handlers?.message(JSON.stringify({ type: "auth_success", data }));
      }),
    /** An event on one of the channels that the page listens to. */
    say: (channel: string, type: string, key: string, data: object = {}) =>
      act(async () => {
        const prev = offset++;
        handlers?.message(JSON.stringify({ type, channel, epoch: "k3f", offset, prev, key, data }));
      }),
  };
}
