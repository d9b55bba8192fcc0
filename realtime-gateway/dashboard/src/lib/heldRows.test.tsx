import { renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { useHeldRows } from "./heldRows";

const idOf = (id: string) => id;

it("a held list does not count fewer than before where what is read does not reach its rows any more", () => {
  const { result, rerender } = renderHook(({ incoming, isHeld }) => useHeldRows("all", incoming, isHeld, idOf), {
    initialProps: { incoming: ["b", "a"], isHeld: false },
  });
  rerender({ incoming: ["f", "e", "d", "c", "b", "a"], isHeld: true });
  expect(result.current).toEqual({ rows: ["b", "a"], waiting: 4, isMore: false });
  rerender({ incoming: ["h", "g"], isHeld: true });
  expect(result.current).toEqual({ rows: ["b", "a"], waiting: 4, isMore: true });
  rerender({ incoming: ["h", "g"], isHeld: false });
  expect(result.current).toEqual({ rows: ["h", "g"], waiting: 0, isMore: false });
});
