import { Bot, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useApi } from "../../lib/api";
import { words } from "../../lib/format";
import { isObject, itemsOf, text, type JsonObject } from "../../lib/json";
import { useHasRole } from "../../lib/session";
import { read, useView } from "../../lib/useView";
import { listOf, texts } from "../../lib/values";
import { Badge, StatusBadge } from "../../ui/Badge";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/Dialog";
import { Checkbox, Select, TextField } from "../../ui/Field";
import { Panel } from "../../ui/Panel";
import { EmptyState } from "../../ui/States";
import { Age } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { Choices, FormSheet, Loaded, useForm, versioned, type Versioned } from "./form";
import { readTools, TOOLS_KEY } from "./tools";

interface Draft {
  readonly name: string;
  readonly displayName: string;
  readonly role: string;
  readonly tone: string;
  readonly avatar: string;
  readonly metricName: string;
  readonly metricUnit: string;
  readonly tools: readonly string[];
  readonly intents: string;
  readonly languages: string;
  readonly enabled: boolean;
}

interface Employee extends Draft {
  readonly status: string;
}

const KEY = ["settings", "employees"] as const;
const NEW: Draft = {
  name: "",
  displayName: "",
  role: "",
  tone: "friendly",
  avatar: "",
  metricName: "efficiency",
  metricUnit: "percent",
  tools: ["search_knowledge_base", "escalate_to_human"],
  intents: "",
  languages: "",
  enabled: true,
};

export function Employees() {
  const view = useView(KEY, read("/api/v1/ai/employees", ({ body }) => itemsOf(body).flatMap((item) => employeeOf(item) ?? [])));
  const isAdmin = useHasRole("admin");
  const [open, setOpen] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<Employee | null>(null);
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  return (
    <Loaded view={view}>
      {(employees) => (
        <>
          <Panel
            title="AI employees"
            count={employees.length}
            actions={
              <>
                <Age at={view.at} />
                {isAdmin && (
                  <Button size="small" icon={Plus} className="ml-auto" onClick={() => setOpen("")}>
                    Add
                  </Button>
                )}
              </>
            }
          >
            {employees.length === 0 ? (
              <EmptyState title="No AI employees" icon={Bot}>The agent works without a name until one is added.</EmptyState>
            ) : (
              <ul role="list" aria-label="AI employees">
                {employees.map((employee) => (
                  <li key={employee.name} className="flex items-center gap-3 border-b border-line px-3 py-2 last:border-b-0">
                    <div className="min-w-0 flex-1">
                      <p className="truncate font-medium">{employee.displayName}</p>
                      <p className="truncate text-xs text-muted">
                        {employee.role} · {words(employee.tone).toLowerCase()} · {employee.tools.length} tools
                        {employee.languages !== "" && ` · ${employee.languages}`}
                      </p>
                    </div>
                    {employee.enabled ? <StatusBadge status={employee.status} /> : <Badge>Switched off</Badge>}
                    <Button size="small" aria-label={`${isAdmin ? "Edit" : "Look at"} ${employee.displayName}`} onClick={() => setOpen(employee.name)}>
                      {isAdmin ? "Edit" : "Look"}
                    </Button>
                    {isAdmin && <IconButton size="small" label={`Delete ${employee.displayName}`} icon={Trash2} onClick={() => setLeaving(employee)} />}
                  </li>
                ))}
              </ul>
            )}
          </Panel>
          {open === "" && <EmployeeForm saved={{ value: NEW, etag: null }} isNew onClose={() => setOpen(null)} />}
          {open !== null && open !== "" && <Existing key={open} name={open} onClose={() => setOpen(null)} />}
          <ConfirmDialog
            open={leaving !== null}
            onClose={() => setLeaving(null)}
            title={`Delete ${leaving?.displayName ?? ""}?`}
            description="The agent no longer works under this name. What it did stays. This cannot be undone."
            confirm="Delete"
            danger
            onConfirm={async () => {
              await api.delete(`/api/v1/ai/employees/${encodeURIComponent(leaving?.name ?? "")}`);
              await client.invalidateQueries({ queryKey: KEY });
              toast({ title: `${leaving?.displayName ?? "The AI employee"} is deleted`, tone: "good" });
            }}
          />
        </>
      )}
    </Loaded>
  );
}

/** Read by itself: the list has no version to change from. */
function Existing({ name, onClose }: { name: string; onClose: () => void }) {
  const view = useView([...KEY, name], read(`/api/v1/ai/employees/${encodeURIComponent(name)}`, versioned((body) => (isObject(body) ? employeeOf(body) : null))));
  const saved = view.data;
  return saved === undefined || saved.value === null ? null : (
    <EmployeeForm saved={{ value: saved.value, etag: saved.etag }} isNew={false} onClose={onClose} />
  );
}

function EmployeeForm({ saved, isNew, onClose }: { saved: Versioned<Draft>; isNew: boolean; onClose: () => void }) {
  const api = useApi();
  const tools = useView(TOOLS_KEY, readTools);
  const form = useForm<Draft>({
    saved,
    save: (draft, etag) =>
      api.put(`/api/v1/ai/employees/${encodeURIComponent(draft.name.trim() === "" ? " " : draft.name.trim())}`, bodyOf(draft), etag === null ? {} : { ifMatch: etag }),
    keys: [KEY, ["ai", "employees"]],
    done: isNew ? "The AI employee is added" : "The AI employee is saved",
    onDone: onClose,
  });
  const { value, set, problem } = form;
  const names = [...new Set([...(tools.data ?? []).map(({ name }) => name), ...value.tools])];
  return (
    <FormSheet form={form} isNew={isNew} title={isNew ? "Add an AI employee" : value.displayName} submit={isNew ? "Add" : "Save"} onClose={onClose}>
      {isNew && (
        <TextField
          label="Id"
          hint="Lower-case letters, digits, hyphens; it stays"
          value={value.name}
          problem={problem("name")}
          onChange={(event) => set({ name: event.target.value })}
          autoComplete="off"
        />
      )}
      <TextField label="Name" value={value.displayName} problem={problem("display_name")} onChange={(event) => set({ displayName: event.target.value })} autoComplete="off" />
      <TextField label="Role" value={value.role} problem={problem("role")} onChange={(event) => set({ role: event.target.value })} autoComplete="off" />
      <Select
        label="Tone"
        value={value.tone}
        problem={problem("tone")}
        options={["friendly", "formal", "concise"].map((tone) => ({ value: tone, label: words(tone) }))}
        onChange={(tone) => set({ tone })}
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField label="Primary metric" value={value.metricName} problem={problem("primary_metric.name", "primary_metric")} onChange={(event) => set({ metricName: event.target.value })} />
        <TextField label="Its unit" value={value.metricUnit} problem={problem("primary_metric.unit")} onChange={(event) => set({ metricUnit: event.target.value })} />
      </div>
      <Choices
        label="Tools"
        hint="What the workflow forbids stays forbidden"
        problem={problem("tools")}
        options={names.map((name) => ({ value: name, label: words(name) }))}
        value={value.tools}
        onChange={(chosen) => set({ tools: chosen })}
      />
      <TextField
        label="Intents it handles"
        hint="Separated by commas; none means all"
        placeholder="refund_status, order_status"
        value={value.intents}
        problem={problem("intents")}
        onChange={(event) => set({ intents: event.target.value })}
      />
      <TextField label="Languages" hint="Two letters each; none means all" placeholder="en, de" value={value.languages} problem={problem("languages")} onChange={(event) => set({ languages: event.target.value })} />
      <TextField label="Address of a picture" hint="https; for other systems, this page shows the initial" value={value.avatar} problem={problem("avatar")} onChange={(event) => set({ avatar: event.target.value })} />
      <Checkbox label="At work" hint="Switched off, it takes no tickets" checked={value.enabled} onChange={(enabled) => set({ enabled })} />
    </FormSheet>
  );
}

function bodyOf(draft: Draft) {
  const avatar = draft.avatar.trim();
  return {
    display_name: draft.displayName,
    role: draft.role,
    tone: draft.tone,
    ...(avatar === "" ? {} : { avatar }),
    primary_metric: { name: draft.metricName.trim(), unit: draft.metricUnit.trim() },
    tools: draft.tools,
    intents: listOf(draft.intents),
    languages: listOf(draft.languages),
    enabled: draft.enabled,
  };
}

function employeeOf(item: JsonObject): Employee | null {
  const name = text(item["name"]);
  if (name === null) {
    return null;
  }
  const metric = isObject(item["primary_metric"]) ? item["primary_metric"] : {};
  return {
    name,
    displayName: text(item["display_name"]) ?? name,
    role: text(item["role"]) ?? "",
    tone: text(item["tone"]) ?? "friendly",
    avatar: text(item["avatar"]) ?? "",
    metricName: text(metric["name"]) ?? "",
    metricUnit: text(metric["unit"]) ?? "",
    tools: texts(item["tools"]),
    intents: texts(item["intents"]).join(", "),
    languages: texts(item["languages"]).join(", "),
    enabled: item["enabled"] !== false,
    status: text(item["status"]) ?? "offline",
  };
}
