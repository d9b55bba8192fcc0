import { words } from "./format";

/** The ways a ticket comes in, by the API's names. */
export const CHANNELS = ["api", "email", "chat", "upstream", "zendesk", "alert"] as const;

export function channelName(channel: string): string {
  return channel === "api" ? "API" : channel === "email" ? "E-mail" : words(channel);
}
