import { choiceParam, compact, textParam } from "../../lib/search";

export const BOARDS = ["numbers", "approvals", "employees", "services"] as const;
export type Board = (typeof BOARDS)[number];

export function wallboardSearch(raw: Record<string, unknown>) {
  return compact({
    /** The board that is shown. */
    page: choiceParam(raw["page"], BOARDS),
    /** Seconds until the next one. */
    every: textParam(raw["every"]),
  });
}
