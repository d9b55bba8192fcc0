import { actorName } from "../lib/actors";
import { instant } from "../lib/format";
import { isObject, text } from "../lib/json";
import { read, useView, type View } from "../lib/useView";
import { Banner } from "../ui/Notice";
import { Time } from "../ui/Time";

/** When the switch was turned last. */
export interface Turn {
  /** Nothing begins. */
  readonly on: boolean;
  readonly by: string;
  readonly at: number | null;
  readonly reason: string | null;
}

export interface KillSwitches {
  /** This client's; null if nobody has turned it yet. */
  readonly own: Turn | null;
  /** That of all clients, which operators turn. */
  readonly ofAll: Turn | null;
}

export const KILL_SWITCH = ["guardrails", "kill_switch"] as const;

/** Both switches; all roles but `ingest` may see them. */
export function useKillSwitches(): View<KillSwitches> {
  return useView(KILL_SWITCH, read("/api/v1/kill_switch", ({ body }) => switchesOf(body)), {
    live: ["actions"],
    matters: ({ type }) => type === "kill_switch_changed",
    pollWhenNotLive: 15_000,
    // What operators switch for all clients is told on no client's channel.
    pollWhenLive: 15_000,
    isVital: true,
  });
}

/** What is stopped, and nothing while nothing is. */
export function KillSwitchBanner({ action }: { action?: React.ReactNode }) {
  const { data } = useKillSwitches();
  return (
    <>
      {data?.ofAll?.on === true && <StoppedBanner turn={data.ofAll} ofAll action={action} />}
      {data?.own?.on === true && <StoppedBanner turn={data.own} ofAll={false} action={action} />}
    </>
  );
}

/** Says above all else that nothing begins, and who stopped it, when and why. */
export function StoppedBanner({ turn: { by, at, reason }, ofAll, action }: { turn: Turn; ofAll: boolean; action: React.ReactNode }) {
  return (
    <Banner tone="bad" action={action}>
      <span className="font-semibold">
        {ofAll ? "The operators have stopped all actions of all clients" : "All actions are stopped"}
      </span>
      , by {actorName(by)} <Time at={at} />
      {reason !== null && (
        <>
          : <q>{reason}</q>
        </>
      )}
      . What was being called goes on; what has not begun fails.
    </Banner>
  );
}

function switchesOf(body: unknown): KillSwitches {
  const switches = isObject(body) ? body : {};
  return { own: turnOf(switches["own"]), ofAll: turnOf(switches["of_all"]) };
}

function turnOf(turn: unknown): Turn | null {
  return isObject(turn)
    ? { on: turn["on"] === true, by: text(turn["by"]) ?? "", at: instant(text(turn["at"])), reason: text(turn["reason"]) }
    : null;
}
