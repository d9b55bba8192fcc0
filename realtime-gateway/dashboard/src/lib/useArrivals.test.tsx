import { renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { useArrivals } from "./useArrivals";

it("what is new in a list is named, and nothing where so much is new that nothing stands out", () => {
  const { result, rerender } = renderHook(({ ids }) => useArrivals(ids), { initialProps: { ids: ["a", "b"] } });
  const arrived = () => [...result.current];
  expect(arrived()).toEqual([]);
  rerender({ ids: ["c", "a"] });
  expect(arrived()).toEqual(["c"]);
  rerender({ ids: ["d", "e", "f", "g", "h", "c"] });
  expect(arrived()).toEqual(["d", "e", "f", "g", "h"]);
  rerender({ ids: ["i", "j", "k", "l", "m", "n", "d"] });
  expect(arrived()).toEqual([]);
  rerender({ ids: ["o", "i", "j", "k", "l", "m", "n"] });
  expect(arrived()).toEqual(["o"]);
});
