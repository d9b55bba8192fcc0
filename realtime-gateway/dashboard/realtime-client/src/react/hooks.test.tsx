import { act, cleanup, render, screen } from "@testing-library/react";
import { StrictMode, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RealtimeClient } from "../client.js";
import { FakeGateway } from "../testing/fakeGateway.js";
import { ManualClock } from "../testing/manualClock.js";
import {
  RealtimeProvider,
  useAgentStatusUpdates,
  useLiveMetrics,
  useQueueUpdates,
  useRealtimeDashboard,
  useRealtimeData,
  useSessionUpdates,
  type States,
} from "./index.js";

let clock: ManualClock;
let gateway: FakeGateway;
let client: RealtimeClient;

beforeEach(() => {
  clock = new ManualClock();
  gateway = new FakeGateway(clock);
  client = new RealtimeClient({
    url: "wss://desk.example/ws",
    token: () => ({ value: "token-1", expiresAt: clock.now() + 3_600_000 }),
    openSocket: gateway.open,
    fetch: gateway.fetch,
    clock,
    random: () => 0.5,
  });
});

afterEach(cleanup);

const shows = (text: string) => vi.waitFor(() => expect(screen.getByTestId("shown").textContent).toBe(text));
const show = (children: ReactNode) =>
  render(
    <StrictMode>
      <RealtimeProvider client={client}>
        <p data-testid="shown">{children}</p>
      </RealtimeProvider>
    </StrictMode>,
  );
const keysOf = (states: States) => [...states.keys()].join(" ");

function Tickets() {
  const { snapshot, events, gaps } = useRealtimeData("tickets", 2);
  const offsets = events.map(({ position }) => position?.offset).join(" ");
  return `${snapshot === null ? "nothing" : "snapshot"} / ${offsets} / ${gaps}`;
}

function Dashboard() {
  const { phase, sessions, queue, agents, metrics } = useRealtimeDashboard();
  return [phase, ...[sessions, queue, agents, metrics].map(keysOf)].join(" / ");
}

function Each() {
  const { sessions } = useSessionUpdates();
  const { queue } = useQueueUpdates();
  const { metrics } = useLiveMetrics();
  return [sessions, queue, useAgentStatusUpdates(), metrics].map(keysOf).join(" / ");
}

const publishStates = () => {
  gateway.publish("sessions", "s-1");
  gateway.publish("queue", "q");
  gateway.publish("agents", "a-1");
  gateway.publish("metrics", "open");
};

describe("hooks", () => {
  it("show a channel's snapshot and then its newest events", async () => {
    show(<Tickets />);
    await shows("snapshot /  / 0");
    act(() => [1, 2, 3].forEach(() => gateway.publish("tickets")));
    await shows("snapshot / 102 103 / 0");
    act(() => gateway.say({ type: "resync", channel: "tickets", data: { reason: "slow" } }));
    await shows("snapshot /  / 1");
  });

  it("show everything of the desk, and how well it is connected", async () => {
    publishStates();
    show(<Dashboard />);
    await shows("live / s-1 / q / a-1 / open");
    act(() => gateway.close(4430));
    await vi.waitFor(() => expect(client.connection.link).toBe("refused"));
    await shows("offline / s-1 / q / a-1 / open");
  });

  it("show each part by itself, and what comes later", async () => {
    show(<Each />);
    await vi.waitFor(() => expect(gateway.frames("subscribe").length).toBeGreaterThanOrEqual(4));
    act(publishStates);
    await shows("s-1 / q / a-1 / open");
  });

  it("stop the client when the page goes", async () => {
    const { unmount } = show(<Dashboard />);
    await vi.waitFor(() => expect(client.phase).toBe("live"));
    unmount();
    expect(client.connection.link).toBe("idle");
  });

  it("say what is missing around them", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect(() => render(<Tickets />)).toThrow("RealtimeProvider");
  });
});
