import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SRC = fileURLToPath(new URL(".", import.meta.url));
const THEMES = ["light", "dark"] as const;
type Theme = (typeof THEMES)[number];
type Rgb = readonly [number, number, number];

/** What text may stand on, itself or by what is around it: resting, hovered, chosen. */
const GROUNDS = ["canvas", "surface", "raised", "accent-soft", "good-soft", "warn-soft", "bad-soft", "info-soft"];
const TEXTS = ["ink", "muted", "accent", "good", "warn", "bad", "info"];
/** White stands on these. */
const SOLIDS = ["accent-solid", "accent-hover", "danger", "danger-hover"];
/** Grounds on which no text stands: lines, marks and what lies over the page. */
const MARKS = ["line", "line-strong", "good", "accent", "white", "shade", "transparent", "current"];

const tokens = readTokens();
const used = namesUsed();

describe.each(THEMES)("in the %s theme", (theme) => {
  it.each(TEXTS)("%s reads on every ground, those of hovered and chosen rows among them", (text) => {
    const faint = GROUNDS.filter((ground) => contrast(colour(text, theme), colour(ground, theme)) < 4.5);
    expect(faint).toEqual([]);
  });

  it.each(SOLIDS)("white reads on %s", (solid) => {
    expect(contrast([255, 255, 255], colour(solid, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it("a tip's text reads on its ground, which is the text's colour elsewhere", () => {
    expect(contrast(colour("surface", theme), colour("ink", theme))).toBeGreaterThanOrEqual(4.5);
  });

  it("text reads on grounds that let what is below through", () => {
    for (const [ground, percent] of used.mixed) {
      for (const below of ["canvas", "surface"]) {
        const mixed = mix(colour(ground, theme), colour(below, theme), percent / 100);
        const faint = TEXTS.filter((text) => contrast(colour(text, theme), mixed) < 4.5);
        expect(faint, `on ${ground}/${percent} over ${below}`).toEqual([]);
      }
    }
  });

  it.each(["line-strong", "accent", "good", "bad", "warn"])("the edges of fields and marks in %s are seen on every ground", (edge) => {
    const faint = GROUNDS.filter((ground) => contrast(colour(edge, theme), colour(ground, theme)) < 3);
    expect(faint).toEqual([]);
  });

  it.each(["chart-1", "chart-2", "chart-3", "chart-4", "chart-5"])("%s is seen on a panel", (line) => {
    expect(contrast(colour(line, theme), colour("surface", theme))).toBeGreaterThanOrEqual(3);
  });
});

it("no page uses a ground or a colour of text whose pairs are not computed here", () => {
  expect([...used.grounds].filter((name) => ![...GROUNDS, ...SOLIDS, ...MARKS, "ink"].includes(name))).toEqual([]);
  expect([...used.texts].filter((name) => ![...TEXTS, "white", "surface"].includes(name))).toEqual([]);
  expect(used.grounds).toContain("accent-hover");
});

function readTokens(): ReadonlyMap<string, string> {
  const css = readFileSync(`${SRC}styles.css`, "utf8");
  return new Map([...css.matchAll(/^ {2}--([\w-]+): (.+);$/gm)].map(([, name = "", value = ""]) => [name, value]));
}

function colour(name: string, theme: Theme): Rgb {
  const value = tokens.get(name);
  const pair = /^light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)$/.exec(value ?? "");
  const alias = /^var\(--([\w-]+)\)$/.exec(value ?? "")?.[1];
  if (alias !== undefined) {
    return colour(alias, theme);
  }
  const hex = pair?.[theme === "light" ? 1 : 2];
  if (hex === undefined) {
    throw new Error(`styles.css gives ${name} no colour for the ${theme} theme`);
  }
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

/** WCAG 2.2's contrast ratio. */
function contrast(a: Rgb, b: Rgb): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix([r, g, b]: Rgb, [below1, below2, below3]: Rgb, share: number): Rgb {
  return [r * share + below1 * (1 - share), g * share + below2 * (1 - share), b * share + below3 * (1 - share)];
}

/** The colours by which the pages' class names call their grounds and texts, under whatever condition (`hover:`, `data-…:`). */
function namesUsed() {
  const names = [...tokens.keys()].filter((name) => tokens.get(name)?.startsWith("light-dark") === true);
  const any = [...names, "white", "transparent", "current"].sort((a, b) => b.length - a.length).join("|");
  const grounds = new Set<string>();
  const texts = new Set<string>();
  const mixed: [string, number][] = [];
  for (const file of readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"))) {
    const source = readFileSync(SRC + file, "utf8");
    for (const [, name = "", percent] of source.matchAll(new RegExp(`\\bbg-(${any})(?:/(\\d+))?(?![\\w-])`, "g"))) {
      grounds.add(name);
      if (percent !== undefined) {
        mixed.push([name, Number(percent)]);
      }
    }
    for (const [, name = ""] of source.matchAll(new RegExp(`\\btext-(${any})(?![\\w-])`, "g"))) {
      texts.add(name);
    }
  }
  return { grounds, texts, mixed };
}
