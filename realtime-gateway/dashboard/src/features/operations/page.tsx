import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { ArchiveRestore, ChevronsUpDown, Plus, RotateCw } from "lucide-react";
import { useCommands } from "../../lib/commands";
import { useHasRole } from "../../lib/session";
import { Button } from "../../ui/Button";
import { Page, PageHeader } from "../../ui/Page";
import { TabPanel, Tabs } from "../../ui/Tabs";
import { ActionLog } from "./ActionLog";
import { DeadLetters } from "./DeadLetters";
import { Deployments } from "./Deployments";
import { Guardrails } from "./Guardrails";
import { KillSwitchButton, KillSwitchState } from "./KillSwitch";
import { NewAction, type Draft } from "./NewAction";
import type { OPERATIONS_TABS } from "./search";

const route = getRouteApi("/shell/operations");
type Tab = (typeof OPERATIONS_TABS)[number];

function Operations() {
  const { tab = "actions" } = route.useSearch();
  const navigate = route.useNavigate();
  const mayAct = useHasRole("sre");
  const isClient = useHasRole("viewer", "agent", "approver", "sre");
  const maySeeLetters = useHasRole("admin", "operator");
  const [draft, setDraft] = useState<Draft | null>(null);
  const shown: Tab = tab === "dead-letters" && !maySeeLetters ? "actions" : !isClient && maySeeLetters ? "dead-letters" : tab;

  useCommands(
    useMemo(
      () =>
        mayAct
          ? [
              { id: "operations.restart", title: "Restart a deployment", group: "Operations", icon: RotateCw, run: () => setDraft({ type: "restart_deployment" }) },
              { id: "operations.rollout", title: "Rollout restart of a deployment", group: "Operations", icon: RotateCw, run: () => setDraft({ type: "rollout_restart" }) },
              { id: "operations.scale", title: "Scale a deployment", group: "Operations", icon: ChevronsUpDown, run: () => setDraft({ type: "scale_deployment" }) },
              { id: "operations.rollback", title: "Roll a deployment back", group: "Operations", icon: ArchiveRestore, run: () => setDraft({ type: "rollback_deployment" }) },
              { id: "operations.new", title: "New deployment action", group: "Operations", keys: "c", icon: Plus, run: () => setDraft({}) },
            ]
          : [],
      [mayAct],
    ),
  );
  const onRequested = useCallback(
    (id: string) => {
      setDraft(null);
      void navigate({ search: { id } });
    },
    [navigate],
  );

  return (
    <Page fill>
      <PageHeader
        title="Operations"
        actions={
          <>
            <KillSwitchButton />
            {mayAct && (
              <Button look="primary" icon={Plus} onClick={() => setDraft({})}>
                New action
              </Button>
            )}
          </>
        }
      />
      <KillSwitchState />
      <Tabs
        label="Operations"
        value={shown}
        onChange={(next) => void navigate({ search: next === "actions" ? {} : { tab: next as Tab } })}
        tabs={[
          ...(isClient
            ? [
                { value: "actions", label: "Actions" },
                { value: "deployments", label: "Deployments" },
                { value: "guardrails", label: "Guardrails" },
              ]
            : []),
          ...(maySeeLetters ? [{ value: "dead-letters", label: "Dead letters" }] : []),
        ]}
      >
        <TabPanel value="actions">
          <ActionLog onDraft={setDraft} />
        </TabPanel>
        <TabPanel value="deployments">
          <Deployments onDraft={setDraft} />
        </TabPanel>
        <TabPanel value="guardrails">
          <Guardrails />
        </TabPanel>
        <TabPanel value="dead-letters">
          <DeadLetters />
        </TabPanel>
      </Tabs>
      {draft !== null && <NewAction draft={draft} onClose={() => setDraft(null)} onRequested={onRequested} />}
    </Page>
  );
}

export { Operations as Page };
