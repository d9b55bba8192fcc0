import type { Option } from "../../ui/Field";
import { words } from "../../lib/format";

export const PRIORITIES: readonly Option[] = ["urgent", "high", "normal", "low"].map((value) => ({ value, label: words(value) }));

export const SENTIMENTS: readonly Option[] = ["negative", "neutral", "positive"].map((value) => ({ value, label: words(value) }));

/** Those that support meets most, by their two letters of ISO 639-1; any other can be typed. */
const LANGUAGES: readonly string[] = [
  "ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv",
  "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "vi", "zh",
];

const NAMES = new Intl.DisplayNames(undefined, { type: "language" });

/** In words, where the browser knows them. */
export function languageName(code: string): string {
  try {
    return NAMES.of(code) ?? code;
  } catch {
    return code;
  }
}

/** By name; with the one that is set, whichever it is. */
export function languagesWith(set: string | null): readonly Option[] {
  const codes = set === null || LANGUAGES.includes(set) ? LANGUAGES : [set, ...LANGUAGES];
  return codes.map((value) => ({ value, label: languageName(value) })).toSorted((a, b) => a.label.localeCompare(b.label));
}

/** What the classifier knows as shipped; a client's own labels come from its classifier. */
export const SHIPPED_CATEGORIES: readonly string[] = [
  "refund_request",
  "refund_policy_question",
  "refund_status",
  "order_status",
  "shipping_question",
  "delivery_problem",
  "exchange_request",
  "cancel_order",
  "change_address",
  "invoice_question",
  "double_charge",
  "payment_failed",
  "password_reset",
  "login_problem",
  "account_deletion",
  "change_email",
  "bug_report",
  "feature_request",
  "how_to_question",
  "product_question",
  "contact_hours",
  "service_outage",
  "service_degraded",
  "restart_request",
  "scale_request",
  "rollout_request",
  "praise",
  "complaint",
  "cancel_subscription",
  "upgrade_plan",
  "security_report",
  "spam",
  "speak_to_human",
  "privacy_request",
];

/** Options that hold what was typed, and what was typed itself where it is none of them. */
export function narrowed(options: readonly Option[], typed: string, useTyped: (typed: string) => string): Option[] {
  const wanted = typed.trim().toLowerCase();
  const found = options.filter(({ value, label }) => `${label} ${value}`.toLowerCase().includes(wanted));
  const isThere = options.some(({ value, label }) => value.toLowerCase() === wanted || label.toLowerCase() === wanted);
  return wanted === "" || isThere ? found : [...found, { value: typed.trim(), label: useTyped(typed.trim()) }];
}
