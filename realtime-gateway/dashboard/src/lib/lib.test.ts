import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { jsonAnswer } from "../testing/answers";
import { createApi } from "./api";
import { coalesce } from "./coalesce";
import { age, shortId, words } from "./format";
import { pretty } from "./json";
import { problemOf } from "./problem";

describe("requests", () => {
  const fetched = vi.fn<typeof fetch>();
  const onAnswered = vi.fn();
  const onUnauthorised = vi.fn();
  const api = createApi({ token: () => "jwt", onAnswered, onUnauthorised });

  beforeEach(() => {
    [fetched, onAnswered, onUnauthorised].forEach((mock) => mock.mockReset());
    vi.stubGlobal("fetch", fetched);
  });

  it("carry the token in a header, and answer the feed position", async () => {
    fetched.mockResolvedValue(jsonAnswer(200, { items: [] }, { "Feed-Position": "k3f:7" }));
    expect(await api.get("/api/v1/tickets")).toEqual({ body: { items: [] }, position: { epoch: "k3f", offset: 7 }, etag: null });
    expect(new Headers(fetched.mock.calls[0]?.[1]?.headers).get("Authorization")).toBe("Bearer jwt");
    expect(fetched.mock.calls[0]?.[0]).not.toContain("jwt");
  });

  it.each([
    [200, true],
    [404, true],
    [503, true],
    [502, false],
    [504, false],
  ])("with status %i answered: %s", async (status, answered) => {
    fetched.mockResolvedValue(jsonAnswer(status, {}));
    await api.get("/api/v1/tickets").catch(() => undefined);
    expect(onAnswered).toHaveBeenCalledExactlyOnceWith(answered);
  });

  it("tell when the token was refused", async () => {
    fetched.mockResolvedValue(jsonAnswer(401, { detail: "expired" }));
    await expect(api.get("/api/v1/tickets")).rejects.toThrow("expired");
    expect(onUnauthorised).toHaveBeenCalledOnce();
  });

  it("that their caller gave up say nothing about the server", async () => {
    const aborted = AbortSignal.abort();
    fetched.mockRejectedValue(aborted.reason);
    await expect(api.get("/api/v1/tickets", aborted)).rejects.toBe(aborted.reason);
    expect(onAnswered).not.toHaveBeenCalled();
  });
});

describe("a problem", () => {
  it("is told by its detail, with what is wrong with each field", () => {
    const errors = [{ field: "subject", reason: "must not be blank" }, { nonsense: 1 }, 3];
    const problem = problemOf(400, { title: "Bad Request", detail: "1 field is wrong", errors });
    expect(problem.message).toBe("1 field is wrong");
    expect([...problem.fields]).toEqual([["subject", "must not be blank"]]);
  });

  it("may name its only field itself", () => {
    expect(problemOf(400, { field: "body", reason: "too long" }).fields.get("body")).toBe("too long");
  });

  it("of a proxy's error page is told by its status", () => {
    expect(problemOf(502, null).message).toContain("502");
  });
});

describe("many calls", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("become one run at once and one after it", async () => {
    const task = vi.fn(() => Promise.resolve());
    const call = coalesce(task, 250);
    Array.from({ length: 50 }).forEach(call);
    expect(task).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(task).toHaveBeenCalledTimes(2);
  });

  it("wait as long as is said after each run", async () => {
    const task = vi.fn(() => Promise.resolve());
    let pause = 1_000;
    const call = coalesce(task, () => pause);
    call();
    call();
    await vi.advanceTimersByTimeAsync(999);
    expect(task).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(task).toHaveBeenCalledTimes(2);
    pause = 10;
    call();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(task).toHaveBeenCalledTimes(3);
  });

  it("go on after a failure", async () => {
    const task = vi.fn(() => Promise.reject(new Error("no")));
    const call = coalesce(task, 250);
    call();
    await vi.advanceTimersByTimeAsync(250);
    call();
    expect(task).toHaveBeenCalledTimes(2);
  });
});

it("texts are short and readable", () => {
  expect(words("action_outcome_unknown")).toBe("Action outcome unknown");
  expect([500, 12_000, 240_000, 7_300_000, 200_000_000].map(age)).toEqual(["now", "12 s", "4 min", "2 h", "2 d"]);
  expect(shortId("0199f3a2-2056-738b-9abc-dee5098c1611")).toBe("…098c1611");
  expect(shortId("A-1007")).toBe("A-1007");
});

it("JSON that is too deep is not shown, and does not fail", () => {
  let deep: unknown = 0;
  for (let i = 0; i < 100_000; i++) {
    deep = [deep];
  }
  expect(pretty(deep)).toContain("too deeply");
});
