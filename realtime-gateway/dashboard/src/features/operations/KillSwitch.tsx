import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { OctagonX, Play } from "lucide-react";
import { actorName } from "../../lib/actors";
import { useApi } from "../../lib/api";
import { useCommands } from "../../lib/commands";
import { instant } from "../../lib/format";
import { isObject, text } from "../../lib/json";
import { ProblemError } from "../../lib/problem";
import { useHasRole, usePerson } from "../../lib/session";
import { read, useView } from "../../lib/useView";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/Field";
import { Banner } from "../../ui/Notice";
import { Time } from "../../ui/Time";
import { useToast } from "../../ui/Toast";

interface Turn {
  readonly on: boolean;
  readonly by: string;
  readonly at: number | null;
  readonly reason: string | null;
}

const KEY = ["guardrails", "kill_switch"];

function useKillSwitch() {
  const view = useView(KEY, read("/api/v1/kill_switch", ({ body }) => switchesOf(body)), {
    live: ["actions"],
    matters: ({ type }) => type === "kill_switch_changed",
    pollWhenNotLive: 15_000,
    // What operators switch for all clients is told on no client's channel.
    pollWhenLive: 15_000,
  });
  const isAdmin = useHasRole("admin");
  const isOperator = useHasRole("operator");
  const { clientId } = usePerson();
  const isOfAll = isOperator && clientId === null;
  const own = view.data?.own ?? null;
  const ofAll = view.data?.ofAll ?? null;
  const turned = isOfAll ? ofAll : own;
  return { own, ofAll, turned, isOfAll, isAdmin, mayTurn: (isAdmin || isOfAll) && view.data !== undefined };
}

/** Says above all else that nothing begins, and who stopped it, when and why. */
export function KillSwitchState() {
  const { own, ofAll, isOfAll, isAdmin } = useKillSwitch();
  const [asking, setAsking] = useState(false);
  const release = (
    <Button size="small" icon={Play} onClick={() => setAsking(true)}>
      Let them begin again
    </Button>
  );
  return (
    <>
      {ofAll?.on === true && (
        <Stopped turn={ofAll} what="The operators have stopped all actions of all clients" action={isOfAll && release} />
      )}
      {own?.on === true && <Stopped turn={own} what="All actions are stopped" action={isAdmin && release} />}
      {asking && <Turning on={false} isOfAll={isOfAll} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Stops everything that has not begun; in the palette too. */
export function KillSwitchButton() {
  const { turned, isOfAll, mayTurn } = useKillSwitch();
  const [asking, setAsking] = useState<{ readonly on: boolean } | null>(null);
  const isOn = turned?.on === true;
  useCommands(
    useMemo(
      () =>
        mayTurn
          ? [
              {
                id: "operations.kill",
                title: isOn ? "Let actions begin again" : "Stop all actions (kill switch)",
                group: "Operations",
                icon: isOn ? Play : OctagonX,
                run: () => setAsking({ on: !isOn }),
              },
            ]
          : [],
      [mayTurn, isOn],
    ),
  );
  return (
    <>
      {mayTurn && !isOn && (
        <Button
          look="bad"
          icon={OctagonX}
          onClick={() => setAsking({ on: true })}
          {...(turned === null ? {} : { title: `Last let go by ${actorName(turned.by)}: ${turned.reason ?? ""}` })}
        >
          Stop all actions
        </Button>
      )}
      {asking !== null && <Turning on={asking.on} isOfAll={isOfAll} onClose={() => setAsking(null)} />}
    </>
  );
}

function Stopped({ turn: { by, at, reason }, what, action }: { turn: Turn; what: string; action: React.ReactNode }) {
  return (
    <div className="overflow-hidden rounded-lg">
      <Banner tone="bad" action={action}>
        <span className="font-semibold">{what}</span>, by {actorName(by)} <Time at={at} />
        {reason !== null && (
          <>
            : <q>{reason}</q>
          </>
        )}
        . What was being called goes on; what has not begun fails.
      </Banner>
    </div>
  );
}

function Turning({ on, isOfAll, onClose }: { on: boolean; isOfAll: boolean; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const turn = useMutation({
    mutationFn: async () => {
      if (reason.trim() === "") {
        throw new ProblemError("Say why: others must know.", 422);
      }
      await api.post("/api/v1/kill_switch", { on, reason: reason.trim() });
    },
    onSuccess: () => toast({ title: on ? "All actions are stopped" : "Actions may begin again", tone: on ? "warn" : "good" }),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={on ? (isOfAll ? "Stop all actions of all clients?" : "Stop all actions?") : "Let actions begin again?"}
      description={
        on
          ? "Nothing begins from now on. What is being called goes on; what has not begun fails when its turn comes."
          : "What is asked for from now on is done again, within the guardrails. What failed meanwhile stays failed."
      }
      confirm={on ? "Stop all actions" : "Let them begin"}
      danger={on}
      onConfirm={() => turn.mutateAsync()}
    >
      <TextArea label="Reason" rows={2} required maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
    </ConfirmDialog>
  );
}

function switchesOf(body: unknown): { own: Turn | null; ofAll: Turn | null } {
  const switches = isObject(body) ? body : {};
  return { own: turnOf(switches["own"]), ofAll: turnOf(switches["of_all"]) };
}

function turnOf(turn: unknown): Turn | null {
  return isObject(turn)
    ? { on: turn["on"] === true, by: text(turn["by"]) ?? "", at: instant(text(turn["at"])), reason: text(turn["reason"]) }
    : null;
}
