/** How the series of a chart are told from each other: by colour, and without it. More of them begin again. */
export const COLOURS = ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5"];

/** Of lines: the lengths of dashes and gaps in pixels; the first is drawn through. */
export const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [10, 3, 2, 3], [4, 2, 1, 2]];

/** Of lines, in the legend. */
export const SHAPES = ["●", "■", "▲", "◆", "✕"];

/** The side of the tile that `HATCHES` draw on, in pixels. */
export const TILE = 6;

/** Of layers of bars: what is drawn across their colour, as an SVG path on a tile; the first is plain. */
export const HATCHES = ["", "M-1 1 1 -1M0 6 6 0M5 7 7 5", "M0 3H6", "M3 0V6", "M0 0 6 6M0 6 6 0"];

export function markOf<T>(marks: readonly T[], series: number): T {
  return marks[series % marks.length] as T;
}

/** A colour with a hatch across it, for a canvas. */
export function hatched(colour: string, across: string, hatch: string): string | CanvasPattern {
  const tile = document.createElement("canvas");
  const pen = hatch === "" ? null : tile.getContext("2d");
  if (pen === null) {
    return colour;
  }
  const scale = Math.max(1, Math.round(window.devicePixelRatio));
  tile.width = TILE * scale;
  tile.height = TILE * scale;
  pen.scale(scale, scale);
  pen.fillStyle = colour;
  pen.fillRect(0, 0, TILE, TILE);
  pen.strokeStyle = across;
  pen.lineWidth = 1.25;
  pen.stroke(new Path2D(hatch));
  return pen.createPattern(tile, "repeat") ?? colour;
}
