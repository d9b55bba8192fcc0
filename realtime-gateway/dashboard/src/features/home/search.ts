import { compact, textParam } from "../../lib/search";

export function homeSearch(raw: Record<string, unknown>) {
  return compact({ channel: textParam(raw["channel"]) });
}
