import { getRouteApi, Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, CircleCheck, CircleCheckBig } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useRealtimeClient } from "realtime-client/react";
import { useApi } from "../../lib/api";
import { useCommands } from "../../lib/commands";
import { cx } from "../../lib/cx";
import { count } from "../../lib/figures";
import { messageOf } from "../../lib/problem";
import { text } from "../../lib/json";
import { useHasRole } from "../../lib/session";
import { useIsHere } from "../../lib/useIsHere";
import { useMedia } from "../../lib/useMedia";
import { Button } from "../../ui/Button";
import { Banner } from "../../ui/Notice";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { useToast } from "../../ui/Toast";
import { pendingApprovals, type Approval } from "../../parts/approval/approvals";
import { MOST_CHOSEN, type BulkChoice } from "./bulk";
import { BulkBar, BulkDecide } from "./BulkDecide";
import { ApprovalDetail } from "./ApprovalDetail";
import { QueueItem, type Outcome } from "./QueueItem";
import { arrange, following, type QueueRow } from "./rows";

const route = getRouteApi("/shell/approvals");
const MOST_OUTCOMES = 100;
/** Rows that are there at once; who has seen them asks for more. */
const SHOWN = 100;
const NONE: readonly Approval[] = [];
const NOBODY: ReadonlySet<string> = new Set();

/** What waits for a decision, and beside it the one that is being decided. The frame reads it whenever the stream says so. */
export function ApprovalQueue() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(pendingApprovals(useApi()));
  const isWide = useMedia("(min-width: 64rem)");
  const openId = search.id ?? null;
  const [isHeld, setHeld] = useState(false);
  const outcomes = useOutcomes();
  const rows = useRows(query.data?.approvals, isHeld, openId);
  const [most, setMost] = useState(SHOWN);
  const openAt = rows?.findIndex(({ approval }) => approval.id === openId) ?? -1;
  const shown = rows?.slice(0, Math.max(most, openAt + 1));
  const list = useRef<HTMLUListElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  const open = useCallback(
    (id: string | null, focus: "row" | "none" = "none") => {
      void navigate({ search: ({ id: _, ...others }) => (id === null ? others : { ...others, id }), replace: true });
      if (focus === "row" && id !== null) {
        requestAnimationFrame(() => {
          const rows = list.current?.querySelectorAll<HTMLElement>("[data-approval]") ?? [];
          [...rows].find((row) => row.dataset["approval"] === id)?.focus();
        });
      }
    },
    [navigate],
  );

  // Beside the list one is always open; on a phone the list comes first.
  const firstId = rows?.find(({ isGone }) => !isGone)?.approval.id ?? null;
  useEffect(() => {
    if (isWide && openId === null && firstId !== null) {
      open(firstId);
    }
  }, [isWide, openId, firstId, open]);

  const step = useCallback(
    (by: 1 | -1) => {
      const at = rows?.findIndex(({ approval }) => approval.id === openId) ?? -1;
      const next = rows?.[at < 0 ? 0 : at + by];
      if (next !== undefined) {
        open(next.approval.id, "row");
      }
    },
    [rows, openId, open],
  );
  useCommands(
    useMemo(
      () => [
        { id: "approvals.next", title: "Next request", group: "Approvals", keys: "j", run: () => step(1) },
        { id: "approvals.before", title: "Request before", group: "Approvals", keys: "k", run: () => step(-1) },
      ],
      [step],
    ),
  );

  const mayDecide = useHasRole("approver", "sre");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(NOBODY);
  const [deciding, setDeciding] = useState<{ readonly choice: BulkChoice; readonly approvals: readonly Approval[] } | null>(null);
  const waiting = useMemo(() => (rows ?? []).flatMap(({ approval, isGone }) => (isGone ? [] : [approval])), [rows]);
  const together = useMemo(() => waiting.filter(({ id }) => chosen.has(id)), [waiting, chosen]);
  const choose = useCallback((id: string, isChosen: boolean) => {
    setChosen((before) => {
      const next = new Set(before);
      if (!isChosen) {
        next.delete(id);
      } else if (next.size < MOST_CHOSEN) {
        next.add(id);
      }
      return next;
    });
  }, []);
  useCommands(
    useMemo(
      () =>
        mayDecide
          ? [
              {
                id: "approvals.choose",
                title: "Choose this request, or not",
                group: "Approvals",
                keys: "x",
                run: () => openId !== null && waiting.some(({ id }) => id === openId) && choose(openId, !chosen.has(openId)),
              },
              {
                id: "approvals.choose-all",
                title: "Choose all requests that wait, or none",
                group: "Approvals",
                keys: "X",
                run: () => setChosen(together.length > 0 ? NOBODY : new Set(waiting.slice(0, MOST_CHOSEN).map(({ id }) => id))),
              },
              ...(together.length === 0
                ? []
                : [
                    { id: "approvals.approve-chosen", title: "Approve the chosen requests", group: "Approvals", keys: "A", run: () => setDeciding({ choice: "approve", approvals: together }) },
                    { id: "approvals.reject-chosen", title: "Reject the chosen requests", group: "Approvals", keys: "R", run: () => setDeciding({ choice: "reject", approvals: together }) },
                  ]),
            ]
          : [],
      [mayDecide, openId, waiting, chosen, choose, together],
    ),
  );

  // Who has gone to another page while the decision was under way stays there.
  const isHere = useIsHere();

  const toast = useToast();
  const [last, setLast] = useState<{ readonly told: string; readonly actionId: string | null } | null>(null);
  const onDecided = useCallback(
    ({ id, actionId }: Approval, told: string) => {
      if (!isHere.current) {
        toast({ title: told, tone: "good" });
        return;
      }
      const next = rows === undefined ? null : following(rows, id);
      open(isWide ? next : null, "row");
      if (isWide) {
        setLast({ told, actionId }); // a toast would lie over the buttons of the next one
      } else {
        toast({ title: told, tone: "good" });
      }
    },
    [rows, open, isWide, toast, isHere],
  );

  if (rows === undefined) {
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading />
    );
  }
  const isEmpty = rows.length === 0 && openId === null;
  return (
    <div className="flex flex-col rounded-lg border border-line bg-surface lg:h-full lg:min-h-0">
      {query.isError && (
        <Banner tone="warn" action={<Button size="small" onClick={() => void query.refetch()}>Try again</Button>}>
          {messageOf(query.error)} What was read last is shown.
        </Banner>
      )}
      {isEmpty ? (
        <>
          <EmptyState title="Nothing waits for a decision." icon={CircleCheckBig}>
            What the agent or a person asks for shows here as soon as policy wants somebody to look at it.
          </EmptyState>
          {last !== null && <Last {...last} />}
        </>
      ) : (
        <div className="flex min-h-0 flex-1">
          {(isWide || openId === null) && (
            <div
              className="flex w-full min-w-0 flex-col lg:w-88 lg:shrink-0 lg:overflow-y-auto lg:overscroll-contain lg:border-r lg:border-line"
              onPointerEnter={(event) => event.pointerType === "mouse" && setHeld(true)}
              onPointerLeave={() => setHeld(false)}
            >
              {rows.length === 0 ? (
                <p className="p-3 text-muted">Nothing waits for a decision.</p>
              ) : (
                <ul ref={list} role="list" aria-label="Pending approvals" className="divide-y divide-line">
                  {shown?.map((row) => (
                    <QueueItem
                      key={row.approval.id}
                      row={row}
                      outcome={outcomes.get(row.approval.id)}
                      isOpen={row.approval.id === openId}
                      isStop={row.approval.id === (rows.some(({ approval }) => approval.id === openId) ? openId : firstId)}
                      isChosen={chosen.has(row.approval.id)}
                      onChoose={mayDecide ? (isChosen) => choose(row.approval.id, isChosen) : undefined}
                      onOpen={() => open(row.approval.id)}
                      onEnter={() => {
                        open(row.approval.id);
                        requestAnimationFrame(() => panel.current?.focus());
                      }}
                      onStep={step}
                    />
                  ))}
                </ul>
              )}
              {shown !== undefined && shown.length < rows.length && (
                <div className="flex flex-wrap items-center gap-2 border-t border-line px-3 py-2.5">
                  <span className="text-muted tabular-nums">
                    {count(shown.length)} of {count(rows.length)}, what expires first
                  </span>
                  <Button size="small" className="ml-auto" onClick={() => setMost(shown.length + SHOWN)}>
                    Show more
                  </Button>
                </div>
              )}
              {together.length > 0 ? (
                <BulkBar
                  count={together.length}
                  onChoose={(choice) => setDeciding({ choice, approvals: together })}
                  onClear={() => setChosen(NOBODY)}
                />
              ) : (
                isWide && last !== null && <Last {...last} />
              )}
            </div>
          )}
          {openId !== null && (
            <div
              ref={panel}
              tabIndex={-1}
              className={cx("flex w-full min-w-0 flex-1 flex-col outline-none lg:min-h-0")}
            >
              {!isWide && (
                <div className="border-b border-line p-1.5">
                  <Button look="quiet" size="small" icon={ArrowLeft} onClick={() => open(null)}>
                    Back to the queue
                  </Button>
                </div>
              )}
              <ApprovalDetail
                key={openId}
                id={openId}
                known={rows.find(({ approval }) => approval.id === openId)?.approval}
                onDecided={onDecided}
                onOpen={open}
                hasNext={following(rows, openId) !== null}
              />
            </div>
          )}
        </div>
      )}
      {deciding !== null && (
        <BulkDecide
          {...deciding}
          onClose={() => setDeciding(null)}
          onDone={(ids) => setChosen((before) => new Set([...before].filter((id) => !ids.includes(id))))}
        />
      )}
    </div>
  );
}

/** What was decided last, and where to see it done. */
function Last({ told, actionId }: { told: string; actionId: string | null }) {
  return (
    <p
      key={`${told} ${actionId}`}
      role="status"
      className="sticky bottom-0 mt-auto flex animate-arrive items-center gap-2 border-t border-line bg-surface px-3 py-2.5"
    >
      <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-good" />
      <span className="min-w-0 flex-1 truncate">{told}</span>
      {actionId !== null && (
        <Link to="/operations" search={{ id: actionId }} className="text-accent underline-offset-2 hover:underline">
          See it done
        </Link>
      )}
    </p>
  );
}

/** The rows, keeping their places while they are held. */
function useRows(pending: readonly Approval[] | undefined, isHeld: boolean, keep: string | null): readonly QueueRow[] | undefined {
  const before = useRef<readonly QueueRow[] | null>(null);
  const rows = useMemo(
    () => (pending === undefined ? undefined : arrange(before.current, pending ?? NONE, isHeld, keep)),
    [pending, isHeld, keep],
  );
  useEffect(() => {
    before.current = rows ?? null;
  }, [rows]);
  return rows;
}

/** Who settled what, as the stream tells it: the row that goes says so before it does. */
function useOutcomes(): ReadonlyMap<string, Outcome> {
  const client = useRealtimeClient();
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  useEffect(
    () =>
      client.subscribe("approvals", {
        onEvent: ({ key, data }) => {
          const status = text(data["status"]);
          if (key !== null && status !== null && status !== "pending") {
            setOutcomes((before) => new Map([...before, [key, { status, by: text(data["decided_by"]) }] as const].slice(-MOST_OUTCOMES)));
          }
        },
      }),
    [client],
  );
  return outcomes;
}

function Loading() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col rounded-lg border border-line bg-surface lg:h-full lg:flex-row">
      <div className="flex flex-col gap-5 p-3 lg:w-88 lg:border-r lg:border-line">
        {Array.from({ length: 5 }, (_, index) => (
          <div key={index} className="flex flex-col gap-2">
            <Skeleton className="h-4 w-2/3" />
            <Skeleton className="h-4 w-full" />
          </div>
        ))}
      </div>
      <div className="hidden flex-1 flex-col gap-4 p-4 lg:flex">
        <Skeleton className="h-6 w-56" />
        <Skeleton className="h-24 w-full" />
        <Skeleton className="h-40 w-full" />
      </div>
    </div>
  );
}
