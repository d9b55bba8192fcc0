import { isObject, itemsOf, text, type JsonObject } from "../../lib/json";
import { read } from "../../lib/useView";

export interface Tool {
  readonly name: string;
  readonly category: string;
  readonly description: string | null;
  /** `built_in`, or what it was configured as. */
  readonly source: string;
  readonly available: boolean;
  /** Why it is not there. */
  readonly reason: string | null;
  readonly schema: JsonObject | null;
}

export const TOOLS_KEY = ["settings", "tools"] as const;

export const readTools = read("/api/v1/agent/tools", ({ body }) =>
  itemsOf(body).flatMap((item): Tool[] => {
    const name = text(item["name"]);
    return name === null
      ? []
      : [
          {
            name,
            category: text(item["category"]) ?? "information",
            description: text(item["description"]),
            source: text(item["source"]) ?? "built_in",
            available: item["available"] !== false,
            reason: text(item["reason"]),
            schema: isObject(item["schema"]) ? item["schema"] : null,
          },
        ];
  }),
);
