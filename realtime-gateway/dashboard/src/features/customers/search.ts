import { choiceParam, compact, textParam } from "../../lib/search";

export function customersSearch(raw: Record<string, unknown>) {
  const blocked = raw["blocked"];
  return compact({
    q: textParam(raw["q"], 254),
    blocked: choiceParam(typeof blocked === "boolean" ? String(blocked) : blocked, ["true", "false"]),
  });
}
