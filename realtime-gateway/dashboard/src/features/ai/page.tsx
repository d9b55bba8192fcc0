import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { itemsOf } from "../../lib/json";
import { read, useView } from "../../lib/useView";
import { Page, PageHeader } from "../../ui/Page";
import { TabPanel, Tabs } from "../../ui/Tabs";
import { Age } from "../../ui/Time";
import { ActivityFeed } from "./ActivityFeed";
import { ClassifierAccuracy } from "./ClassifierAccuracy";
import { Cost } from "./Cost";
import { EmployeeCards } from "./EmployeeCards";
import { employeeOf } from "./employees";
import { Runs } from "./Runs";
import type { aiSearch } from "./search";

const route = getRouteApi("/shell/ai");
const TABS = [
  { value: "overview", label: "AI employees" },
  { value: "classifier", label: "Classifier" },
  { value: "cost", label: "Cost" },
  { value: "runs", label: "Runs" },
];

type Search = ReturnType<typeof aiSearch>;

function AiPerformance() {
  const search: Search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback(
    (next: Record<string, string | undefined>) => void navigate({ search: (before) => ({ ...before, ...next }) as Search, replace: true }),
    [navigate],
  );
  const tab = search.tab ?? "overview";
  return (
    <Page fill={tab === "runs"}>
      <PageHeader title="AI performance" />
      <Tabs label="AI performance" value={tab} tabs={TABS} onChange={(value) => change({ tab: value === "overview" ? undefined : value, ticket: undefined })}>
        <TabPanel value="overview">
          <Overview employee={search.employee ?? null} onEmployee={(name) => change({ employee: name ?? undefined })} />
        </TabPanel>
        <TabPanel value="classifier">
          <ClassifierAccuracy days={search.days ?? "30"} onDays={(days) => change({ days })} />
        </TabPanel>
        <TabPanel value="cost">
          <Cost filters={search} onChange={change} />
        </TabPanel>
        <TabPanel value="runs">
          <Runs filters={{ status: search.status, q: search.q, ticket: search.ticket }} onChange={change} />
        </TabPanel>
      </Tabs>
    </Page>
  );
}

function Overview({ employee, onEmployee }: { employee: string | null; onEmployee: (name: string | null) => void }) {
  const view = useView(
    ["ai", "employees"],
    read("/api/v1/ai/employees", ({ body }) => itemsOf(body).flatMap((item) => employeeOf(item) ?? [])),
    { live: ["ai"], minGap: 5_000 },
  );
  const people = view.data;
  const nameOf = useCallback((name: string) => people?.find((each) => each.name === name)?.displayName ?? name, [people]);
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <section aria-label="At work" className="flex min-w-0 flex-col gap-2">
        <div className="flex h-5 items-center gap-3 text-xs text-muted">
          {people !== undefined && people.length > 0 && (
            <span className="tabular-nums">
              {people.filter(({ status }) => status === "active").length} of {people.length} at work; figures of today (UTC)
            </span>
          )}
          <Age at={view.at} />
        </div>
        <EmployeeCards view={view} chosen={employee} onChoose={onEmployee} />
      </section>
      <ActivityFeed employee={employee} nameOf={nameOf} />
    </div>
  );
}

export { AiPerformance as Page };
