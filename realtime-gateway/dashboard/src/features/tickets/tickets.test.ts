import { describe, expect, it } from "vitest";
import { localOf, queryOf, timeOf } from "./filters";
import { ticketsSearch } from "./search";
import { MOST_IN_FIRST, patchOf, withHead, type TicketPage } from "./tickets";
import { isSame, readViews } from "./views";

const page = (next: string | null, ...ids: string[]): TicketPage => ({
  items: ids.map((id) => ({ ticket_id: id, status: "received" })),
  next,
});
const ids = (pages: readonly TicketPage[] | null) =>
  pages?.map(({ items }) => items.map((item) => item["ticket_id"]).join("")).join(" ");

describe("the first page, read anew", () => {
  it("takes new tickets in and leaves those behind its end where they are", () => {
    const pages = withHead([page("2", "d", "c", "b"), page(null, "a")], page("x", "f", "e", "d"), new Map());
    expect(ids(pages)).toBe("fedcb a");
    expect(pages?.[0]?.next).toBe("2");
  });

  it("drops what left the filter", () => {
    expect(ids(withHead([page("2", "d", "c", "b"), page(null, "a")], page("x", "d", "b"), new Map()))).toBe("db a");
  });

  it("takes a ticket from a later page that has come to the front", () => {
    expect(ids(withHead([page("2", "d", "c"), page(null, "b", "a")], page("x", "a", "d"), new Map()))).toBe("adc b");
  });

  it("shows what events said about tickets further down", () => {
    const told = new Map([["a", patchOf({ status: "resolved", version: 7, anything: {} })]]);
    const pages = withHead([page("2", "c", "b"), page(null, "a")], page("x", "c", "b"), told);
    expect(pages?.[1]?.items[0]).toEqual({ ticket_id: "a", status: "resolved", version: 7 });
  });

  it("shows who was given a ticket further down, from whom it was taken, and its tags", () => {
    const item = { ticket_id: "a", assignee: "jo", tags: ["vip"] };
    const shown = (type: string, data: object) =>
      withHead([page("2", "c", "b"), { items: [item], next: null }], page("x", "c", "b"), new Map([["a", patchOf({ ...data }, type)]]))?.[1]?.items[0];
    expect(shown("ticket_assigned", { assignee: "bo", by: "user:al" })).toMatchObject({ assignee: "bo", tags: ["vip"] });
    expect(shown("ticket_unassigned", { by: "user:al" })).toMatchObject({ assignee: null, tags: ["vip"] });
    expect(shown("ticket_tagged", { tags: ["late", "vip"] })).toMatchObject({ assignee: "jo", tags: ["late", "vip"] });
    expect(shown("ticket_received", { tags: ["other"] })).toEqual(item);
  });

  it("is not enough where more came than it holds", () => {
    expect(withHead([page("2", "b", "a")], page("x", "z", "y"), new Map())).toBeNull();
  });

  it("stays bounded however long tickets keep coming in, and the list then goes on where the new page ends", () => {
    const fifty = (newest: number) => Array.from({ length: 50 }, (_, i) => `t-${newest - i}`);
    let pages: readonly TicketPage[] = [page("c-0", ...fifty(0)), page("c-deep", "t--50")];
    let most = 0;
    let cuts = 0;
    for (let newest = 40; newest <= 200 * 40; newest += 40) {
      const head = page(`c-${newest}`, ...fifty(newest));
      pages = withHead(pages, head, new Map()) ?? [];
      most = Math.max(most, pages.reduce((sum, { items }) => sum + items.length, 0));
      cuts += pages[0] === head ? 1 : 0;
      expect(pages[0]?.items.slice(0, 50)).toEqual(head.items);
    }
    expect(most).toBeGreaterThan(MOST_IN_FIRST / 2);
    expect(most).toBeLessThanOrEqual(MOST_IN_FIRST + 1);
    expect(cuts).toBeGreaterThan(1);
    expect(pages.every(({ next }) => next !== "c-deep")).toBe(true);
  });

  it("is all there is where nothing follows it", () => {
    expect(ids(withHead([page("2", "b", "a"), page(null, "0")], page(null, "z"), new Map()))).toBe("z");
  });
});

describe("an address", () => {
  it("carries every filter of the API, and nothing else", () => {
    const raw = { status: "failed,escalated", tag: "vip", sort: "-priority", external_id: 4711, evil: "x", q: "" };
    expect(queryOf(ticketsSearch(raw))).toBe("external_id=4711&sort=-priority&status=failed%2Cescalated&tag=vip");
    expect(ticketsSearch({ sort: "; drop table" })).toEqual({});
  });

  it("carries a time as the API reads it, and a field shows it as local time", () => {
    const time = timeOf("2026-11-20T10:00");
    expect(localOf(time)).toBe("2026-11-20T10:00");
    expect(time?.endsWith("Z")).toBe(true);
    expect(localOf("yesterday")).toBe("");
  });
});

it("stored views that cannot be read are left out, and what is in them is checked like an address", () => {
  expect(readViews([{ name: "Urgent", search: { priority: "urgent", evil: 1 } }, { name: 7 }, null, "x"])).toEqual([
    { name: "Urgent", search: { priority: "urgent" } },
  ]);
  expect(readViews("nonsense")).toEqual([]);
  expect(isSame({ status: "failed", q: "a" }, { q: "a", status: "failed" })).toBe(true);
});
