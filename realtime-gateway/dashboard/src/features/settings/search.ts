import { compact, textParam } from "../../lib/search";

export function settingsSearch(raw: Record<string, unknown>) {
  return compact({ id: textParam(raw["id"], 120), q: textParam(raw["q"]), language: textParam(raw["language"], 2), label: textParam(raw["label"], 100) });
}
