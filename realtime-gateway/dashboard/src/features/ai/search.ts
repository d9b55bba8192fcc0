import { choiceParam, compact, textParam } from "../../lib/search";

export const AI_TABS = ["overview", "classifier", "cost", "runs"] as const;
export const DAYS = ["7", "30", "90", "365"] as const;

export function aiSearch(raw: Record<string, unknown>) {
  return compact({
    tab: choiceParam(raw["tab"], AI_TABS),
    employee: textParam(raw["employee"], 40),
    days: choiceParam(textParam(raw["days"]), DAYS),
    from: textParam(raw["from"], 10),
    to: textParam(raw["to"], 10),
    status: textParam(raw["status"], 40),
    q: textParam(raw["q"]),
    ticket: textParam(raw["ticket"], 60),
  });
}
