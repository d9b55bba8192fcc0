/** What a canned reply may leave open, by the names that the service knows. */
export const PLACEHOLDERS = ["customer_name", "customer_email", "ticket_id", "ticket_subject"] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

const PATTERN = new RegExp(`\\{(${PLACEHOLDERS.join("|")})\\}`, "g");

/** In braces, as it stands in a text. */
export function inBraces(name: Placeholder): string {
  return `{${name}}`;
}

/** With what is known put in, once: what is put in is not looked at again, whoever wrote it. What is not known stays open. */
export function filledIn(text: string, known: Readonly<Record<Placeholder, string | null>>): string {
  return text.replace(PATTERN, (whole, name: Placeholder) => known[name] ?? whole);
}

/** Those that a text still has, each once, in order. */
export function openIn(text: string): readonly Placeholder[] {
  return [...new Set([...text.matchAll(PATTERN)].map(([, name]) => name as Placeholder))];
}
