/**
 * Reads one parameter of an address, which anybody may have written: a text of bounded length, or undefined. The router
 * has parsed it as JSON already, so an id of digits comes as a number.
 */
export function textParam(value: unknown, longest = 200): string | undefined {
  const read = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  return typeof read === "string" && read !== "" && read.length <= longest ? read : undefined;
}

/** One of the names, or undefined. */
export function choiceParam<T extends string>(value: unknown, choices: readonly T[]): T | undefined {
  return choices.find((choice) => choice === value);
}

/** Without the members that are undefined, so that an address names only what was chosen. */
export function compact<T extends object>(search: T): Partial<T> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Partial<T>;
}
