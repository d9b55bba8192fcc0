/** A finite number, or null. */
export function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The texts of a list; what is none is left out. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

/** What a person typed as a list, separated by commas or line breaks. */
export function listOf(typed: string): string[] {
  return typed
    .split(/[,\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

/** A share of 0 to 1 as a percentage, with a place after the point where it tells something. */
export function percent(share: number | null): string | null {
  if (share === null) {
    return null;
  }
  return `${(share * 100).toLocaleString(undefined, { maximumFractionDigits: share === 0 || share === 1 ? 0 : 1 })} %`;
}

export function count(value: number): string {
  return value.toLocaleString();
}

/** A length of time that was measured, in the unit that says enough. */
export function seconds(value: number): string {
  if (value < 1) {
    return `${Math.round(value * 1_000)} ms`;
  }
  if (value < 60) {
    return `${value.toLocaleString(undefined, { maximumFractionDigits: 1 })} s`;
  }
  return value < 3_600 ? `${Math.round(value / 60)} min` : `${(value / 3_600).toLocaleString(undefined, { maximumFractionDigits: 1 })} h`;
}
