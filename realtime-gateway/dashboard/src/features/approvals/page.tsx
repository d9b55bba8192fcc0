import { getRouteApi } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { Siren } from "lucide-react";
import { useApi } from "../../lib/api";
import { useClock } from "../../lib/clock";
import { Badge } from "../../ui/Badge";
import { Page, PageHeader } from "../../ui/Page";
import { TabPanel, Tabs } from "../../ui/Tabs";
import { Age } from "../../ui/Time";
import { pendingApprovals, type Approval } from "../../parts/approval/approvals";
import { ApprovalHistory } from "./ApprovalHistory";
import { ApprovalQueue } from "./ApprovalQueue";
import { ApprovalRates } from "./ApprovalRates";
import { URGENT_MS } from "../../parts/approval/Expiry";

const route = getRouteApi("/shell/approvals");

function Approvals() {
  const { tab = "queue" } = route.useSearch();
  const navigate = route.useNavigate();
  const queue = useQuery(pendingApprovals(useApi()));
  return (
    <Page fill>
      <PageHeader title="Approvals" actions={
          tab === "queue" && (
            <>
              <Urgent approvals={queue.data?.approvals ?? NONE} />
              <Age at={queue.dataUpdatedAt} />
            </>
          )
        } />
      <Tabs
        label="Approvals"
        value={tab}
        onChange={(next) => void navigate({ search: { ...(next === "queue" ? {} : { tab: next as "history" | "rates" }) } })}
        tabs={[
          { value: "queue", label: "Queue", count: queue.data?.approvals.length },
          { value: "history", label: "History" },
          { value: "rates", label: "Rates" },
        ]}
      >
        <TabPanel value="queue">
          <ApprovalQueue />
        </TabPanel>
        <TabPanel value="history">
          <ApprovalHistory />
        </TabPanel>
        <TabPanel value="rates">
          <ApprovalRates />
        </TabPanel>
      </Tabs>
    </Page>
  );
}

const NONE: readonly Approval[] = [];

/** How many must be decided at once, else time decides. */
function Urgent({ approvals }: { approvals: readonly Approval[] }) {
  const now = useClock(5_000);
  const count = approvals.filter(({ expiresAt }) => expiresAt !== null && expiresAt > now && expiresAt - now < URGENT_MS).length;
  return (
    count > 0 && (
      <Badge tone="bad">
        <Siren aria-hidden="true" className="size-3" />
        {count === 1 ? "1 expires within 10 min" : `${count} expire within 10 min`}
      </Badge>
    )
  );
}

export { Approvals as Page };
