import { describe, expect, it } from "vitest";
import { filledIn, openIn } from "./placeholders";

const KNOWN = { customer_name: "Mary", customer_email: "mary@example.org", ticket_id: "t-1", ticket_subject: null };

describe("placeholders", () => {
  it("are filled in where something is known, and stay open where not", () => {
    const text = filledIn("Dear {customer_name} ({customer_email}), about {ticket_subject}: {ticket_id}, {ticket_id}", KNOWN);
    expect(text).toBe("Dear Mary (mary@example.org), about {ticket_subject}: t-1, t-1");
    expect(openIn(text)).toEqual(["ticket_subject"]);
  });

  it("in what is put in are text, and so are the signs of a replacement", () => {
    expect(filledIn("{customer_name}!", { ...KNOWN, customer_name: "{ticket_id} $& $1" })).toBe("{ticket_id} $& $1!");
  });

  it("are only those that there are", () => {
    const text = "{constructor} {__proto__} {Customer_name} { ticket_id } {{}}";
    expect(filledIn(text, KNOWN)).toBe(text);
    expect(openIn(`${text} {{ticket_id}}`)).toEqual(["ticket_id"]);
  });
});
