import { CircleCheck } from "lucide-react";
import { useClock } from "../../lib/clock";
import { cx } from "../../lib/cx";
import { age, instant, words } from "../../lib/format";
import { count } from "../../lib/figures";
import { isObject, itemsOf, text, type JsonObject } from "../../lib/json";
import { read, useView } from "../../lib/useView";
import { EmptyState, SkeletonRows } from "../../ui/States";
import { Failed, Old } from "./Old";
import { MIDDLE, SMALL, Tile } from "./Tile";

interface Waiting {
  readonly id: string;
  readonly action: string;
  readonly effect: string | null;
  readonly requestedAt: number | null;
  readonly expiresAt: number | null;
}

interface Queue {
  /** All that wait, also those that are not shown. */
  readonly count: number;
  /** Those of them whose time ends within ten minutes. */
  readonly expiringSoon: number;
  readonly longest: readonly Waiting[];
}

const SHOWN = 6;
const POLL_MS = 3_000;
/** Time passes where nothing happens: what expires soon is counted again. */
const POLL_WHEN_LIVE_MS = 30_000;
const SOON_MS = 600_000;

/** What waits for a person, the longest waiting first. */
export function Approvals() {
  const now = useClock();
  const view = useView(["wallboard", "approvals"], read(`/api/v1/approvals/waiting?limit=${SHOWN}`, ({ body }) => queueOf(body)), {
    live: ["approvals"],
    pollWhenNotLive: POLL_MS,
    pollWhenLive: POLL_WHEN_LIVE_MS,
  });
  const queue = view.data;
  if (queue === undefined && view.error !== null) {
    return <Failed view={view} />;
  }
  const oldest = queue?.longest[0]?.requestedAt;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 lg:gap-4">
      <Old view={view} />
      <div className="grid gap-3 sm:grid-cols-3 lg:gap-4">
        <Tile
          label="Waiting for a decision"
          value={queue && count(queue.count)}
          tone={queue?.count === 0 ? "text-good" : "text-warn"}
        />
        <Tile
          label="Longest waiting"
          value={queue && (oldest === null || oldest === undefined ? null : age(Math.max(0, now - oldest)))}
        />
        <Tile
          label="Expire within 10 min"
          value={queue && count(queue.expiringSoon)}
          tone={queue !== undefined && queue.expiringSoon > 0 ? "text-bad" : "text-ink"}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-hidden rounded-lg border border-line bg-surface">
        {queue === undefined ? (
          <SkeletonRows rows={SHOWN} />
        ) : queue.count === 0 ? (
          <div className="flex h-full items-center justify-center">
            <EmptyState title="Nothing waits for a decision" icon={CircleCheck} />
          </div>
        ) : (
          <ol role="list" aria-label="Longest waiting first" className="divide-y divide-line">
            {queue.longest.map(({ id, action, effect, requestedAt, expiresAt }) => (
              <li key={id} className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 px-3 py-2 lg:px-5 lg:py-3">
                <p className={`truncate font-medium ${MIDDLE}`}>{words(action)}</p>
                <p className={`text-right tabular-nums ${MIDDLE}`}>
                  {requestedAt === null ? "–" : age(Math.max(0, now - requestedAt))}
                </p>
                <p className={`truncate text-muted ${SMALL}`}>{effect ?? ""}</p>
                <p className={cx("text-right tabular-nums", SMALL, isSoon(expiresAt, now) ? "font-medium text-bad" : "text-muted")}>
                  {expiresAt !== null && (expiresAt > now ? `expires in ${age(expiresAt - now)}` : "expired")}
                </p>
              </li>
            ))}
          </ol>
        )}
      </div>
      {queue !== undefined && queue.count > queue.longest.length && (
        <p className={`text-muted tabular-nums ${SMALL}`}>and {count(queue.count - queue.longest.length)} others</p>
      )}
    </div>
  );
}

function isSoon(expiresAt: number | null, now: number): boolean {
  return expiresAt !== null && expiresAt - now < SOON_MS;
}

function queueOf(body: unknown): Queue {
  const longest = itemsOf(body).flatMap((item) => waitingOf(item) ?? []);
  const told = isObject(body) ? body : {};
  return {
    count: typeof told["count"] === "number" ? told["count"] : longest.length,
    expiringSoon: typeof told["expiring_soon"] === "number" ? told["expiring_soon"] : 0,
    longest,
  };
}

function waitingOf(item: JsonObject): Waiting | null {
  const id = text(item["approval_id"]);
  const effect = item["effect"];
  return id === null
    ? null
    : {
        id,
        action: text(item["action_type"]) ?? "action",
        effect: isObject(effect) ? (text(effect["summary"]) ?? text(effect["text"])) : text(effect),
        requestedAt: instant(text(item["created_at"])),
        expiresAt: instant(text(item["expires_at"])),
      };
}
