const WHOLE = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const ONE_PLACE = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** A whole number with its thousands told apart. */
export function count(value: number): string {
  return WHOLE.format(value);
}

/** A share of 0 to 1 as `93.4 %`. Never rounded to all or nothing: `99.9 %` is not all of them. */
export function percent(share: number): string {
  const value = share * 100;
  const rounded = Math.round(value * 10) / 10;
  if (rounded === 100 && value < 100) {
    return `${ONE_PLACE.format(99.9)} %`;
  }
  return rounded === 0 && value > 0 ? `${ONE_PLACE.format(0.1)} %` : `${ONE_PLACE.format(rounded)} %`;
}

/** A span of time in the unit in which people would tell it: `85 ms`, `3.4 s`, `12 min`, `5.2 h`, `3.1 d`. */
export function span(seconds: number): string {
  if (seconds > 0 && seconds < 1) {
    return `${WHOLE.format(seconds * 1_000)} ms`;
  }
  if (seconds < 120) {
    return `${(seconds < 10 ? ONE_PLACE : WHOLE).format(seconds)} s`;
  }
  if (seconds < 7_200) {
    return `${(seconds < 600 ? ONE_PLACE : WHOLE).format(seconds / 60)} min`;
  }
  return seconds < 172_800 ? `${ONE_PLACE.format(seconds / 3_600)} h` : `${ONE_PLACE.format(seconds / 86_400)} d`;
}

/** Distances of marks that `span` tells in round numbers. */
export const SPAN_STEPS: readonly number[] = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200,
  10_800, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000,
];

/** Whose hours and days numbers are told in. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
