import { createContext, use } from "react";
import type { FeedStore } from "./store";

/** The channels that the feed is filled from. */
export const FEED_CHANNELS = ["tickets", "approvals", "actions"] as const;

export const FeedContext = createContext<FeedStore | null>(null);

/** The client's newest events, gathered since sign-in whatever page is open. */
export function useFeed(): FeedStore {
  const feed = use(FeedContext);
  if (feed === null) {
    throw new Error("useFeed needs a FeedContext around it");
  }
  return feed;
}
