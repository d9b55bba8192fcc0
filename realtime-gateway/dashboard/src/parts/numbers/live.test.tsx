import { renderHook } from "@testing-library/react";
import type { FeedEvent } from "realtime-client";
import { expect, it } from "vitest";
import { useNewNumbers } from "./live";

const told = (key: string, data: Record<string, unknown>): FeedEvent => ({
  kind: "event",
  type: "metrics_updated",
  channel: "metrics",
  position: null,
  prev: null,
  time: null,
  key,
  snapshot: false,
  data,
});

it("takes numbers as new once for each version, whatever else is told on the channel", () => {
  const { result } = renderHook(() => useNewNumbers());
  const isNew = (key: string, data: Record<string, unknown>) => result.current(told(key, data));
  expect(isNew("tickets", { version: 3 })).toBe(true);
  expect(isNew("tickets", { version: 3 })).toBe(false);
  expect(isNew("calls", { version: 3 })).toBe(true);
  expect(isNew("tickets", { version: 3 })).toBe(false);
  expect(isNew("tickets", { version: 4 })).toBe(true);
  expect(isNew("tickets", { version: 1 })).toBe(true);
  expect(isNew("tickets", {})).toBe(true);
});
