import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { ChannelName, FeedEvent } from "realtime-client";
import { useApi, type Answer, type Api } from "./api";
import { isObject, itemsOf, text, type JsonObject } from "./json";
import { usePace } from "./pace";
import { useIsLive } from "./standstill";
import { useLiveRefetch } from "./useLiveRefetch";

export interface ViewOptions {
  /** The channels whose events mean that the data has changed; none: the view is only polled. */
  readonly live?: readonly ChannelName[];
  /** Which of their events matter; all by default. */
  readonly matters?: (event: FeedEvent) => boolean;
  /** How often it is read while there is no stream, or where nothing is live, in milliseconds. By default as the person has chosen, or 30 s. */
  readonly pollWhenNotLive?: number;
  /** How often it is read even while there is a stream, in milliseconds: for what is told on none. By default never. */
  readonly pollWhenLive?: number;
  /** Read at that pace also for who wants nothing read by itself: what everybody must know. */
  readonly isVital?: boolean;
  /** The least time between two readings that events cause, in milliseconds. By default 1 s. */
  readonly minGap?: number;
  readonly enabled?: boolean;
}

export interface View<T> {
  /** The last that was read, kept over failures and while another is read; undefined before the first. */
  readonly data: T | undefined;
  /** Why the last reading failed; null if it did not. */
  readonly error: Error | null;
  /** When `data` was read, in milliseconds since 1970; show it with `<Age at={at} />`. 0 before the first. */
  readonly at: number;
  readonly isLoading: boolean;
  /** `data` is still that of the key before (other filters, another range): what was asked for is being read. */
  readonly isOld: boolean;
  readonly refresh: () => void;
}

const GAP_MS = 1_000;
const NOT_LIVE: readonly ChannelName[] = [];

/** What events keep current is so while somebody listens: whoever comes back, however soon, has missed some. */
function freshness(live: readonly ChannelName[]): { staleTime?: number } {
  return live.length > 0 ? { staleTime: 0 } : {};
}

/**
 * What the API says, kept current: read again when one of its channels says so, else at the view's own pace, and with
 * every other view when somebody presses the frame's refresh.
 */
export function useView<T>(
  key: QueryKey,
  fetcher: (api: Api, signal: AbortSignal) => Promise<T>,
  { live = NOT_LIVE, matters, pollWhenNotLive, pollWhenLive, isVital = false, minGap = GAP_MS, enabled = true }: ViewOptions = {},
): View<T> {
  const api = useApi();
  const isLive = useIsLive() && live.length > 0;
  const { isAutomatic, everyMs } = usePace();
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => fetcher(api, signal),
    // After a failure also while live: it may take long until another event says that something has changed.
    refetchInterval: ({ state }) =>
      (isAutomatic || isVital) && (isLive && state.status !== "error" ? (pollWhenLive ?? false) : (pollWhenNotLive ?? everyMs)),
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
    ...freshness(live),
    enabled,
  });

  const { refetch } = query;
  const again = useReadAgain(key, refetch);
  useLiveRefetch(again, { live, matters, minGap, enabled });
  const refresh = useCallback(() => void refetch(), [refetch]);
  return {
    data: query.data,
    error: query.error,
    at: query.dataUpdatedAt,
    isLoading: query.isLoading,
    isOld: query.isPlaceholderData,
    refresh,
  };
}

/**
 * What an event leads to. Not cancelled by the next: under a steady stream of events a reading would never come to an end.
 * One that was under way before the event, of whatever cause, may have missed it and is followed by another.
 */
function useReadAgain(key: QueryKey, refetch: (options: { cancelRefetch: boolean }) => Promise<unknown>): () => Promise<unknown> {
  const queries = useQueryClient();
  return async () => {
    if (queries.isFetching({ queryKey: key, exact: true }) > 0) {
      await refetch({ cancelRefetch: false });
    }
    return refetch({ cancelRefetch: false });
  };
}

/** A fetcher of one address for `useView`: `useView(["services"], read("/api/v1/services", ({ body }) => itemsOf(body)))`. */
export function read<T>(path: string, then: (answer: Answer) => T): (api: Api, signal?: AbortSignal) => Promise<T> {
  return async (api, signal) => then(await api.get(path, signal));
}

export interface ListView<T> extends View<readonly T[]> {
  /** Reads the next page; undefined where this is all. For `DataTable`'s `onMore`. */
  readonly more: (() => void) | undefined;
  readonly isLoadingMore: boolean;
}

/**
 * A list of the API, page after page (`{items, next_cursor}`), kept current like a view. `path` carries the filters and
 * is part of the key; `item` reads one entry, null for one that cannot be shown.
 */
export function useList<T>(
  key: QueryKey,
  path: string,
  item: (entry: JsonObject) => T | null,
  { live = NOT_LIVE, matters, pollWhenNotLive, pollWhenLive, minGap = GAP_MS, enabled = true }: ViewOptions = {},
): ListView<T> {
  const api = useApi();
  const isLive = useIsLive() && live.length > 0;
  const { isAutomatic, everyMs } = usePace();
  const query = useInfiniteQuery({
    queryKey: [...key, path],
    queryFn: async ({ signal, pageParam }) => {
      const address = pageParam === null ? path : withCursor(path, pageParam);
      const { body } = await api.get(address, signal);
      return { items: itemsOf(body), next: isObject(body) ? text(body["next_cursor"]) : null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    // After a failure also while live: it may take long until another event says that something has changed.
    refetchInterval: ({ state }) =>
      isAutomatic && (isLive && state.status !== "error" ? (pollWhenLive ?? false) : (pollWhenNotLive ?? everyMs)),
    placeholderData: keepPreviousData,
    ...freshness(live),
    enabled,
  });
  const { refetch, fetchNextPage } = query;
  const again = useReadAgain([...key, path], refetch);
  useLiveRefetch(again, { live, matters, minGap, enabled });
  const pages = query.data?.pages;
  const data = useMemo(() => pages?.flatMap(({ items }) => items.flatMap((entry) => item(entry) ?? [])), [pages, item]);
  return {
    data,
    error: query.error,
    at: query.dataUpdatedAt,
    isLoading: query.isLoading,
    isOld: query.isPlaceholderData,
    refresh: useCallback(() => void refetch(), [refetch]),
    more: query.hasNextPage ? () => void fetchNextPage() : undefined,
    isLoadingMore: query.isFetchingNextPage,
  };
}

function withCursor(path: string, cursor: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;
}
