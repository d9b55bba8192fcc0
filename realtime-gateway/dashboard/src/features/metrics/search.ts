import { choiceParam, compact, textParam } from "../../lib/search";

export const RANGES = ["24h", "7d", "30d", "custom"] as const;

export function metricsSearch(raw: Record<string, unknown>) {
  return compact({
    range: choiceParam(raw["range"], RANGES),
    from: textParam(raw["from"]),
    to: textParam(raw["to"]),
  });
}
