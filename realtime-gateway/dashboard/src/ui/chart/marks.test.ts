import { expect, it } from "vitest";
import { COLOURS, DASHES, HATCHES, markOf, SHAPES } from "./marks";

it("each colour of a chart has a dash, a shape and a hatch of its own, so that it is told without seeing the colour", () => {
  for (const marks of [COLOURS, DASHES.map(String), SHAPES, HATCHES]) {
    expect(marks).toHaveLength(COLOURS.length);
    expect(new Set(marks).size).toBe(COLOURS.length);
  }
  expect(markOf(SHAPES, COLOURS.length)).toBe(SHAPES[0]);
});
