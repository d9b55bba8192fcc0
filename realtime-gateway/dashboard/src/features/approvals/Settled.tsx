import { useEffect, useRef } from "react";
import { actorName, actorOf } from "../../lib/actors";
import { sentence } from "../../lib/format";
import { isObject, text } from "../../lib/json";
import { usePerson } from "../../lib/session";
import { read, useView } from "../../lib/useView";
import { Button } from "../../ui/Button";
import { Banner } from "../../ui/Notice";
import { Time } from "../../ui/Time";
import type { Approval } from "../../parts/approval/approvals";

const TOLD: ReadonlyMap<string, string> = new Map([
  ["approved", "Approved"],
  ["rejected", "Rejected"],
  ["responded", "Answered instead of done"],
  ["expired", "Expired: nobody decided in time"],
  ["cancelled", "Withdrawn"],
]);

/** What became of it, by whom, when and why; it may have happened while somebody was reading. */
export function Settled({ approval, onOpen }: { approval: Approval; onOpen?: (id: string) => void }) {
  const { raw, status, decidedBy, decidedAt } = approval;
  const isEdited = raw["decision"] === "edit";
  const next = text(raw["superseded_by"]);
  const reason = text(raw["reason"]);
  const isMine = decidedBy === actorOf(usePerson());
  const wasWaiting = useRef(next === null);
  useEffect(() => {
    // Who has edited goes on with what came of it.
    if (isEdited && isMine && next !== null && wasWaiting.current) {
      wasWaiting.current = false;
      onOpen?.(next);
    }
  }, [isEdited, isMine, next, onOpen]);
  const tone = isEdited ? "info" : status === "approved" ? "good" : status === "rejected" ? "bad" : "neutral";
  return (
    <Banner
      tone={tone === "bad" ? "warn" : tone}
      action={next !== null && onOpen !== undefined && <Button size="small" onClick={() => onOpen(next)}>Open the new version</Button>}
    >
      <span className="font-medium">
        {isEdited ? "Edited" : (TOLD.get(status) ?? status)}
        {decidedBy !== null && ` by ${actorName(decidedBy)}`}
      </span>{" "}
      <Time at={decidedAt} />
      {reason !== null && (
        <>
          : <q>{reason}</q>
        </>
      )}
      {isEdited && next === null && <Preparing actionId={approval.actionId} />}
    </Banner>
  );
}

/** An edit is prepared anew, and may be refused in that. */
function Preparing({ actionId }: { actionId: string | null }) {
  const view = useView(
    ["actions", "one", actionId],
    read(`/api/v1/actions/${encodeURIComponent(actionId ?? "")}`, ({ body }) => (isObject(body) ? body : {})),
    { live: ["actions"], matters: ({ key }) => key === actionId, pollWhenNotLive: 3_000, enabled: actionId !== null },
  );
  const failure = view.data?.["failure"];
  if (isObject(failure)) {
    return <p>It came to nothing. {sentence(text(failure["reason"]) ?? "the edit was refused")}</p>;
  }
  return <p>It is prepared and put through policy anew; the new version shows here.</p>;
}
