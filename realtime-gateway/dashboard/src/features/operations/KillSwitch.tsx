import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { OctagonX, Play } from "lucide-react";
import { actorName } from "../../lib/actors";
import { useApi } from "../../lib/api";
import { useCommands } from "../../lib/commands";
import { ProblemError } from "../../lib/problem";
import { useHasRole, usePerson } from "../../lib/session";
import { KILL_SWITCH, StoppedBanner, useKillSwitches } from "../../parts/killSwitch";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/Field";
import { useToast } from "../../ui/Toast";

function useKillSwitch() {
  const view = useKillSwitches();
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
        <div className="overflow-hidden rounded-lg">
          <StoppedBanner turn={ofAll} ofAll action={isOfAll && release} />
        </div>
      )}
      {own?.on === true && (
        <div className="overflow-hidden rounded-lg">
          <StoppedBanner turn={own} ofAll={false} action={isAdmin && release} />
        </div>
      )}
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
    onSettled: () => queries.invalidateQueries({ queryKey: KILL_SWITCH }),
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
