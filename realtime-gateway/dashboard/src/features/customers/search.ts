import { choiceParam, compact, textParam } from "../../lib/search";

export function customersSearch(raw: Record<string, unknown>) {
  const q = textParam(raw["q"], 254);
  const blocked = raw["blocked"];
  return compact({
    q,
    // The API takes one of the two.
    blocked:
      q === undefined ? choiceParam(typeof blocked === "boolean" ? String(blocked) : blocked, ["true", "false"]) : undefined,
  });
}
