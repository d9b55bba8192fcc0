export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The string, or null if it is none or empty. */
export function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The objects of a list answer `{items: [...]}`; what is not an object is left out. */
export function itemsOf(body: unknown): JsonObject[] {
  const items = isObject(body) && Array.isArray(body["items"]) ? (body["items"] as unknown[]) : [];
  return items.filter(isObject);
}

/** Indented JSON. Text for reading: it must only ever be shown as text. */
export function pretty(value: unknown): string {
  try {
    return JSON.stringify(value, null, 2) ?? String(value);
  } catch {
    return "This value is nested too deeply to be shown.";
  }
}
