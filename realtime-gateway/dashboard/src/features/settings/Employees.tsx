import { Bot, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useApi } from "../../lib/api";
import { words } from "../../lib/format";
import { useHasRole } from "../../lib/session";
import { useView } from "../../lib/useView";
import { Badge, StatusBadge } from "../../ui/Badge";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/Dialog";
import { Checkbox, Select, TextField } from "../../ui/Field";
import { Panel } from "../../ui/Panel";
import { EmptyState } from "../../ui/States";
import { Age } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { EMPLOYEES_KEY, employeeBody, pathOf, readEmployee, readEmployees, type Employee, type EmployeeDraft } from "./employee";
import { Choices, FormSheet, Loaded, useForm, type Versioned } from "./form";
import { readTools, TOOLS_KEY } from "./tools";

const NEW: EmployeeDraft = {
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
  const view = useView(EMPLOYEES_KEY, readEmployees);
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
              await api.delete(pathOf(leaving?.name ?? ""));
              await client.invalidateQueries({ queryKey: EMPLOYEES_KEY });
              toast({ title: `${leaving?.displayName ?? "The AI employee"} is deleted`, tone: "good" });
            }}
          />
        </>
      )}
    </Loaded>
  );
}

function Existing({ name, onClose }: { name: string; onClose: () => void }) {
  const view = useView([...EMPLOYEES_KEY, name], readEmployee(name));
  const saved = view.data;
  return saved === undefined || saved.value === null ? null : (
    <EmployeeForm saved={{ value: saved.value, etag: saved.etag }} isNew={false} onClose={onClose} />
  );
}

function EmployeeForm({ saved, isNew, onClose }: { saved: Versioned<EmployeeDraft>; isNew: boolean; onClose: () => void }) {
  const api = useApi();
  const tools = useView(TOOLS_KEY, readTools);
  const form = useForm<EmployeeDraft>({
    saved,
    save: (draft, etag) =>
      api.put(pathOf(draft.name.trim() === "" ? " " : draft.name.trim()), employeeBody(draft), etag === null ? {} : { ifMatch: etag }),
    keys: [EMPLOYEES_KEY, ["ai", "employees"]],
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
