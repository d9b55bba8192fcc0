// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { draftKey, forgetDrafts, keepDraft, readDraft } from "./drafts";

const ANN = { user: "ann@acme.example", clientId: "acme", clients: ["acme"], roles: ["agent"] };
const KEY = draftKey(ANN, "t-1");
const DRAFT = { text: "Dear Mary,", internal: false, attempt: null };

beforeEach(() => {
  localStorage.clear();
  return () => vi.useRealTimers();
});

describe("a draft", () => {
  it("is kept for one person, client and ticket", () => {
    keepDraft(KEY, DRAFT);
    expect(readDraft(KEY)).toEqual(DRAFT);
    for (const other of [draftKey({ ...ANN, user: "bob@acme.example" }, "t-1"), draftKey({ ...ANN, clientId: "globex" }, "t-1"), draftKey(ANN, "t-2")]) {
      expect(readDraft(other)).toBeNull();
    }
  });

  it("is forgotten once nothing stands in it, and when its writer signs out; other things stay", () => {
    localStorage.setItem("opsrelay.theme", "dark");
    keepDraft(KEY, DRAFT);
    keepDraft(KEY, { ...DRAFT, text: "  " });
    expect(readDraft(KEY)).toBeNull();
    keepDraft(KEY, DRAFT);
    keepDraft(draftKey(ANN, "t-2"), DRAFT);
    forgetDrafts();
    expect(Object.keys(localStorage)).toEqual(["opsrelay.theme"]);
  });

  it("is kept for seven days, and no more than a hundred are", () => {
    vi.useFakeTimers();
    keepDraft(KEY, DRAFT);
    vi.advanceTimersByTime(7 * 24 * 3_600_000);
    expect(readDraft(KEY)).toEqual(DRAFT);
    vi.advanceTimersByTime(1);
    expect(readDraft(KEY)).toBeNull();
    expect(localStorage).toHaveLength(0);
    for (let number = 0; number < 102; number++) {
      vi.advanceTimersByTime(1);
      keepDraft(draftKey(ANN, `t-${number}`), DRAFT);
    }
    expect(readDraft(draftKey(ANN, "t-101"))).toEqual(DRAFT);
    expect(readDraft(draftKey(ANN, "t-1"))).toBeNull();
    expect(localStorage).toHaveLength(100);
  });

  it("that cannot be read is none", () => {
    localStorage.setItem(KEY, "{");
    expect(readDraft(KEY)).toBeNull();
    localStorage.setItem(KEY, JSON.stringify({ text: 7, at: new Date().toISOString() }));
    expect(readDraft(KEY)).toBeNull();
  });
});
