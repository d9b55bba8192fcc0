import { CircleCheck } from "lucide-react";
import { useClock } from "../../lib/clock";
import { cx } from "../../lib/cx";
import { age, instant, words } from "../../lib/format";
import { count } from "../../lib/figures";
import { isObject, text, type JsonObject } from "../../lib/json";
import { useList } from "../../lib/useView";
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

/** One page of the API: a longer queue is told as "200+". */
const LIMIT = 200;
const SHOWN = 6;
const POLL_MS = 3_000;
const SOON_MS = 600_000;

/** What waits for a person, the longest waiting first. */
export function Approvals() {
  const now = useClock();
  const list = useList(["wallboard", "approvals"], `/api/v1/approvals?status=pending&limit=${LIMIT}`, waitingOf, {
    live: ["approvals"],
    pollWhenNotLive: POLL_MS,
  });
  if (list.data === undefined && list.error !== null) {
    return <Failed view={list} />;
  }
  const waiting = list.data === undefined ? undefined : [...list.data].sort(longestFirst);
  const oldest = list.more === undefined ? waiting?.[0]?.requestedAt : undefined;
  const soon = waiting?.filter(({ expiresAt }) => expiresAt !== null && expiresAt - now < SOON_MS).length ?? 0;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 lg:gap-4">
      <Old view={list} />
      <div className="grid gap-3 sm:grid-cols-3 lg:gap-4">
        <Tile
          label="Waiting for a decision"
          value={waiting && `${count(waiting.length)}${list.more === undefined ? "" : "+"}`}
          tone={waiting?.length === 0 ? "text-good" : "text-warn"}
        />
        <Tile
          label="Longest waiting"
          value={waiting && (oldest === null || oldest === undefined ? null : age(Math.max(0, now - oldest)))}
        />
        <Tile
          label="Expire within 10 min"
          value={waiting && count(soon)}
          tone={soon > 0 ? "text-bad" : "text-ink"}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-hidden rounded-lg border border-line bg-surface">
        {waiting === undefined ? (
          <SkeletonRows rows={SHOWN} />
        ) : waiting.length === 0 ? (
          <div className="flex h-full items-center justify-center">
            <EmptyState title="Nothing waits for a decision" icon={CircleCheck} />
          </div>
        ) : (
          <ol role="list" aria-label="Longest waiting first" className="divide-y divide-line">
            {waiting.slice(0, SHOWN).map(({ id, action, effect, requestedAt, expiresAt }) => (
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
      {waiting !== undefined && waiting.length > SHOWN && (
        <p className={`text-muted tabular-nums ${SMALL}`}>
          and {count(waiting.length - SHOWN)}
          {list.more === undefined ? "" : " or more"} others
        </p>
      )}
    </div>
  );
}

function isSoon(expiresAt: number | null, now: number): boolean {
  return expiresAt !== null && expiresAt - now < SOON_MS;
}

function longestFirst(a: Waiting, b: Waiting): number {
  return (a.requestedAt ?? Infinity) - (b.requestedAt ?? Infinity) || a.id.localeCompare(b.id);
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
