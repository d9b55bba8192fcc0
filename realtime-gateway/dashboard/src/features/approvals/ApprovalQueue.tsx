import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../lib/api";
import { messageOf } from "../../lib/problem";
import { useNow } from "../../lib/useNow";
import { Button } from "../../ui/Button";
import { Problem } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { ApprovalCard } from "./ApprovalCard";
import { pendingApprovals } from "./approvals";

const AGE_STEP_MS = 5_000;

/** What waits for a decision. It is read again whenever the stream says so, or regularly where there is none. */
export function ApprovalQueue() {
  const api = useApi();
  const now = useNow(AGE_STEP_MS);
  const query = useQuery(pendingApprovals(api));
  const approvals = query.data?.approvals;

  return (
    <Panel
      id="approvals"
      title="Pending approvals"
      count={approvals?.length}
      className={approvals !== undefined && approvals.length > 0 ? "lg:min-h-80 lg:shrink" : "shrink-0"}
    >
      {query.isError && (
        <div className="flex flex-col gap-2 p-3">
          <Problem>{messageOf(query.error)}</Problem>
          <Button className="self-start" onClick={() => void query.refetch()}>
            Try again
          </Button>
        </div>
      )}
      {approvals === undefined ? (
        !query.isError && <p className="p-3 text-muted">Loading…</p>
      ) : approvals.length === 0 ? (
        <p className="p-3 text-muted">Nothing waits for a decision.</p>
      ) : (
        <ul role="list" className="min-h-0 divide-y divide-line lg:overflow-y-auto lg:overscroll-contain">
          {approvals.map((approval) => (
            <ApprovalCard key={approval.id} approval={approval} now={now} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
