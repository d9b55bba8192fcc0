import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { useMemo } from "react";
import { useCommands } from "../../lib/commands";
import { cx } from "../../lib/cx";
import { useHasRole } from "../../lib/session";
import { Select } from "../../ui/Field";
import { Page, PageHeader } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import { Appearance } from "./Appearance";
import { CannedReplies } from "./CannedReplies";
import { Channels } from "./Channels";
import { Classifier } from "./Classifier";
import { Employees } from "./Employees";
import { Knowledge } from "./Knowledge";
import { Models } from "./Models";
import { Notifications } from "./Notifications";
import { Policies } from "./Policies";
import { GROUPS, SECTIONS } from "./sections";
import { Tools } from "./Tools";
import { Users } from "./Users";
import { Webhooks } from "./Webhooks";
import { WorkflowSettings } from "./Workflow";

const CONTENT: ReadonlyMap<string, () => React.ReactNode> = new Map([
  ["workflow", WorkflowSettings],
  ["employees", Employees],
  ["models", Models],
  ["tools", Tools],
  ["knowledge", Knowledge],
  ["classifier", Classifier],
  ["canned-replies", CannedReplies],
  ["policies", Policies],
  ["channels", Channels],
  ["webhooks", Webhooks],
  ["notifications", Notifications],
  ["users", Users],
  ["appearance", Appearance],
]);

function Settings() {
  const { section: id = "workflow" } = useParams({ strict: false });
  const isAdmin = useHasRole("admin");
  const section = SECTIONS.find((each) => each.id === id);
  const Content = CONTENT.get(id);
  const navigate = useNavigate();
  useCommands(
    useMemo(
      () =>
        SECTIONS.map((each) => ({
          id: `settings.${each.id}`,
          title: `Go to ${each.title}`,
          group: "Settings",
          icon: each.icon,
          run: () => void navigate({ to: "/settings/$section", params: { section: each.id } }),
        })),
      [navigate],
    ),
  );
  return (
    <Page>
      <div className="grid min-w-0 gap-4 md:grid-cols-[11rem_minmax(0,1fr)] md:gap-6">
        <SectionNav current={id} />
        <div className="flex min-w-0 max-w-5xl flex-col gap-4">
          {section === undefined || Content === undefined ? (
            <>
              <PageHeader title="Settings" />
              <EmptyState title={`There is no section “${id}”`}>Choose one of the list.</EmptyState>
            </>
          ) : (
            <>
              <PageHeader title={section.title} description={section.description} />
              {section.adminsOnly === true && !isAdmin ? (
                <EmptyState title="Only administrators see this" icon={Lock}>
                  Ask an administrator of your client, or have the role added where your account is kept.
                </EmptyState>
              ) : (
                <Content key={id} />
              )}
            </>
          )}
        </div>
      </div>
    </Page>
  );
}

function SectionNav({ current }: { current: string }) {
  const navigate = useNavigate();
  const isAdmin = useHasRole("admin");
  return (
    <div className="min-w-0">
      <nav aria-label="Settings" className="sticky top-4 hidden flex-col gap-4 md:flex">
        {GROUPS.map(({ name, sections }) => (
          <div key={name}>
            <h2 className="px-2 pb-1 text-xs font-medium text-muted">{name}</h2>
            <ul role="list" className="flex flex-col gap-px">
              {sections.map(({ id, title, icon: Icon, adminsOnly }) => (
                <li key={id}>
                  <Link
                    to="/settings/$section"
                    params={{ section: id }}
                    aria-current={id === current ? "page" : undefined}
                    className={cx(
                      "flex h-8 items-center gap-2 rounded-md px-2 text-sm pointer-coarse:h-10",
                      id === current ? "bg-accent-soft font-medium text-accent" : "text-muted hover:bg-raised hover:text-ink",
                    )}
                  >
                    <Icon aria-hidden="true" className="size-4 shrink-0" />
                    <span className="min-w-0 flex-1 truncate">{title}</span>
                    {adminsOnly === true && !isAdmin && (
                      <>
                        <Lock aria-hidden="true" className="size-3 shrink-0" />
                        <span className="sr-only">(administrators only)</span>
                      </>
                    )}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <Select
        label="Section"
        className="md:hidden"
        value={current}
        options={GROUPS.flatMap(({ name, sections }) => sections.map(({ id, title }) => ({ value: id, label: `${name} · ${title}` })))}
        onChange={(section) => void navigate({ to: "/settings/$section", params: { section } })}
      />
    </div>
  );
}

export { Settings as Page };
