const TIME = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});
const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long", hourCycle: "h23" });

/** `ticket_classified` becomes `Ticket classified`. */
export function words(name: string): string {
  const spaced = name.replaceAll(/[_\-.]+/g, " ").trim();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** As a sentence of its own: `the answer was lost` becomes `The answer was lost.` */
export function sentence(words: string): string {
  const said = words.trim();
  return said === "" ? "" : `${said.charAt(0).toUpperCase()}${said.slice(1)}${/[.!?]$/.test(said) ? "" : "."}`;
}

/** Local time of day with milliseconds. */
export function timeOfDay(at: number): string {
  return TIME.format(at);
}

/** Local date and time with the zone. */
export function dateTime(at: number): string {
  return DATE_TIME.format(at);
}

/** Milliseconds since 1970 of an RFC 3339 time, or null if it cannot be read. */
export function instant(value: string | null): number | null {
  const at = value === null ? NaN : Date.parse(value);
  return Number.isNaN(at) ? null : at;
}

/** How long ago, in the largest unit that says enough: `now`, `12 s`, `4 min`, `3 h`, `2 d`. */
export function age(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 1) {
    return "now";
  }
  if (seconds < 60) {
    return `${seconds} s`;
  }
  if (seconds < 3_600) {
    return `${Math.floor(seconds / 60)} min`;
  }
  return seconds < 86_400 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/**
 * An id short enough to tell rows apart: its end, since ids made close in time begin alike.
 */
export function shortId(id: string): string {
  return id.length <= 12 ? id : `…${id.slice(-8)}`;
}
