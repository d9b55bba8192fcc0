import { describe, expect, it } from "vitest";
import { hold } from "./heldRows";

interface Row {
  readonly id: string;
  readonly status: string;
}
const rows = (...ids: string[]): Row[] => ids.map((id) => ({ id, status: "received" }));
const idOf = ({ id }: Row) => id;
const ids = (held: readonly Row[]) => held.map(idOf).join(" ");

describe("a list that is held", () => {
  it("keeps its rows in place, tells what is new about them, and counts what came in before them", () => {
    const { rows: shown, waiting } = hold(rows("c", "b", "a"), [...rows("e", "d", "c"), { id: "b", status: "resolved" }, ...rows("a")], idOf);
    expect(ids(shown)).toBe("c b a");
    expect(shown[1]?.status).toBe("resolved");
    expect(waiting).toBe(2);
  });

  it("goes on at its end with further pages", () => {
    const { rows: shown, waiting } = hold(rows("c", "b"), rows("d", "c", "b", "a"), idOf);
    expect(ids(shown)).toBe("c b a");
    expect(waiting).toBe(1);
  });

  it("keeps a row that is no longer in the list, and moves none that is now elsewhere", () => {
    expect(hold(rows("c", "b", "a"), rows("a", "c"), idOf)).toEqual({ rows: rows("c", "b", "a"), waiting: 0, isMore: false });
  });

  it("appends nothing where no row is known any more, and says that more may wait", () => {
    const { rows: shown, waiting, isMore } = hold(rows("a"), rows("z", "y"), idOf);
    expect(ids(shown)).toBe("a");
    expect(waiting).toBe(2);
    expect(isMore).toBe(true);
  });
});
