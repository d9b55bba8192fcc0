import { keepPreviousData, useInfiniteQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { useRealtimeClient } from "realtime-client/react";
import { useApi, type Api } from "../../lib/api";
import { coalesce } from "../../lib/coalesce";
import { isObject, itemsOf, text } from "../../lib/json";
import { usePace } from "../../lib/pace";
import { useIsLive } from "../../lib/standstill";
import type { ListView } from "../../lib/useView";
import { patchOf, ticketOf, withHead, type Patch, type TicketPage, type TicketRow } from "./tickets";

const GAP_MS = 1_000;
/** Events kept between two readings; behind that a row shows its older state until it is read again. */
const KEPT_PATCHES = 2_000;

/**
 * Tickets, page after page, live however many pages are open: an event reads only the first page again, and what it says
 * about a ticket further down is taken from the event.
 */
export function useTicketList(query: string): ListView<TicketRow> {
  const api = useApi();
  const queries = useQueryClient();
  const client = useRealtimeClient();
  const isLive = useIsLive();
  const { isAutomatic, everyMs } = usePace();
  const list = useInfiniteQuery({
    queryKey: ["tickets", "list", query],
    queryFn: ({ signal, pageParam }) => readPage(api, query, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: isAutomatic && !isLive && everyMs,
    placeholderData: keepPreviousData,
    // Whoever comes back, however soon, has missed events.
    staleTime: 0,
  });
  const { refetch, fetchNextPage } = list;

  useEffect(() => {
    const key = ["tickets", "list", query];
    const leaving = new AbortController();
    let patches = new Map<string, Patch>();
    const readHead = async () => {
      const told = patches;
      patches = new Map();
      const head = await readPage(api, query, null, leaving.signal);
      const before = queries.getQueryData<InfiniteData<TicketPage, string | null>>(key);
      if (before === undefined || leaving.signal.aborted) {
        return;
      }
      const pages = withHead(before.pages, head, told);
      if (pages === null) {
        await refetch({ cancelRefetch: false });
        return;
      }
      queries.setQueryData(key, { pages, pageParams: before.pageParams.slice(0, pages.length) });
    };
    const again = coalesce(
      () => readHead().catch(() => (leaving.signal.aborted ? undefined : refetch({ cancelRefetch: false }))),
      GAP_MS,
    );
    const leave = client.subscribe("tickets", {
      onEvent: ({ key: id, type, data }) => {
        if (id !== null && patches.size < KEPT_PATCHES) {
          patches.set(id, { ...patches.get(id), ...patchOf(data, type) });
        }
        again();
      },
      onGap: () => void refetch(),
    });
    return () => {
      leaving.abort();
      leave();
    };
  }, [api, client, queries, query, refetch]);

  const pages = list.data?.pages;
  const rows = useMemo(() => {
    const seen = new Set<string>();
    // A ticket that came to the front may still stand on the page where it was.
    return pages?.flatMap(({ items }) =>
      items.flatMap((item) => {
        const row = ticketOf(item);
        return row === null || seen.has(row.id) || !seen.add(row.id) ? [] : [row];
      }),
    );
  }, [pages]);
  return {
    data: rows,
    error: list.error,
    at: list.dataUpdatedAt,
    isOld: list.isPlaceholderData,
    isLoading: list.isLoading,
    refresh: useCallback(() => void refetch(), [refetch]),
    more: list.hasNextPage ? () => void fetchNextPage() : undefined,
    isLoadingMore: list.isFetchingNextPage,
  };
}

async function readPage(api: Api, query: string, cursor: string | null, signal: AbortSignal): Promise<TicketPage> {
  const address = new URLSearchParams(query);
  if (cursor !== null) {
    address.set("cursor", cursor);
  }
  const { body } = await api.get(`/api/v1/tickets${address.size === 0 ? "" : `?${address}`}`, signal);
  return { items: itemsOf(body), next: isObject(body) ? text(body["next_cursor"]) : null };
}
