import { words } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** `PT1H30M` as `1 h 30 min`; what is no such duration stays as it is. */
export function durationInWords(iso: string): string {
  const parts = DURATION.exec(iso);
  const units = ["d", "h", "min", "s"];
  const said = (parts?.slice(1) ?? []).flatMap((part, index) =>
    part === undefined || Number(part) === 0 ? [] : [`${Number(part)} ${units[index]}`],
  );
  return said.length === 0 ? iso : said.join(" ");
}

/** What a guardrail bars. */
export function ruleInWords(rule: JsonObject): string {
  const time = (name: string) => durationInWords(text(rule[name]) ?? "");
  switch (rule["kind"]) {
    case "allow_list":
      return "Only what this names, and what other allow lists name, may begin.";
    case "cool_down":
      return `${time("pause")} between the beginnings of two actions on a target.`;
    case "rate":
      return `At most ${String(rule["per_hour"])} an hour ${rule["per"] === "client" ? "in all" : "on a target"}.`;
    case "daily_cap": {
      const sums = isObject(rule["sums"]) ? Object.entries(rule["sums"]).map(([currency, sum]) => `${String(sum)} ${currency}`) : [];
      const count = rule["count"];
      const limits = [...(typeof count === "number" ? [`${count} actions`] : []), ...sums];
      return `At most ${limits.join(" and ")} a day (${text(rule["zone"]) ?? "UTC"}).`;
    }
    case "window": {
      const days = Array.isArray(rule["days"]) && rule["days"].length > 0 ? rule["days"].map((day) => words(String(day))).join(", ") : "every day";
      const isAllDay = rule["from"] === rule["to"];
      const clock = isAllDay ? "all day" : `${hour(rule["from"])} to ${hour(rule["to"])}`;
      return `${rule["mode"] === "allow" ? "Only" : "Never"} ${days}, ${clock} (${text(rule["zone"]) ?? "UTC"}).`;
    }
    case "breaker":
      return `${String(rule["failures"])} failures in a row within ${time("within")} bar a target for ${time("open_for")}.`;
    case "replicas": {
      const limits = [
        ...(rule["min_replicas"] === undefined ? [] : [`at least ${String(rule["min_replicas"])}`]),
        ...(rule["max_replicas"] === undefined ? [] : [`at most ${String(rule["max_replicas"])}`]),
        ...(rule["max_step"] === undefined ? [] : [`no more than ${String(rule["max_step"])} more or fewer at once`]),
      ];
      return `Replicas: ${limits.join(", ")}.`;
    }
    default:
      return "";
  }
}

/** What it is about. */
export function scopeInWords(rule: JsonObject): string {
  const list = (name: string) => (Array.isArray(rule[name]) ? (rule[name] as unknown[]).map(String) : []);
  const types = list("action_types").map(words);
  const targets = list("targets");
  if (types.length === 0 && targets.length === 0) {
    return "All actions on all targets";
  }
  return [types.length === 0 ? "All actions" : types.join(", "), ...(targets.length === 0 ? [] : [`on ${targets.join(", ")}`])].join(" ");
}

function hour(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 5) : "–";
}
