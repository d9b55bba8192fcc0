import { useMutation, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useApi, type Api } from "../../lib/api";
import { useHasRole } from "../../lib/session";
import { useView, type View } from "../../lib/useView";
import { Switch } from "../../ui/Field";
import { Problem } from "../../ui/Notice";
import { Skeleton } from "../../ui/States";
import { useToast } from "../../ui/Toast";
import { EMPLOYEES_KEY, employeeBody, pathOf, readEmployee, readEmployees, type Employee } from "./employee";
import { reasonsOf } from "./form";
import type { Tool } from "./tools";
import { ALWAYS, readWorkflow, WORKFLOW_KEY, WORKFLOW_PATH, workflowBody } from "./workflow";

interface Change {
  readonly write: (api: Api) => Promise<unknown>;
  readonly keys: readonly QueryKey[];
  readonly done: string;
}

/** Who may use a tool. Each switch takes effect at once, for the runs that begin from then on. */
export function ToolUsers({ name, tools }: { name: string; tools: readonly Tool[] }) {
  const isAdmin = useHasRole("admin");
  const workflow = useView(WORKFLOW_KEY, readWorkflow);
  const employees = useView(EMPLOYEES_KEY, readEmployees);
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const change = useMutation({
    mutationFn: ({ write }: Change) => write(api),
    // Also after a refusal: somebody else may have changed it.
    onSettled: (_, __, { keys }) => Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey }))),
    onSuccess: (_, { done }) => toast({ title: done, tone: "good" }),
  });
  if (ALWAYS.has(name)) {
    return <p className="text-xs text-muted">Every run may use it: nobody can take it away.</p>;
  }
  const isLocked = !isAdmin || change.isPending;
  return (
    <fieldset className="m-0 flex min-w-0 flex-col gap-2 border-0 p-0">
      <legend className="pb-1.5 text-xs font-medium text-muted">Who may use it</legend>
      <Shown view={workflow}>
        {({ value }) => (
          <Switch
            label="The workflow"
            hint="What it leaves out no run can use, whoever works"
            checked={value.draft.tools.includes(name)}
            disabled={isLocked}
            onChange={(allowed) =>
              change.mutate({
                write: (to) => allowInWorkflow(to, name, allowed, tools),
                keys: [WORKFLOW_KEY, ["ai", "workflow"]],
                done: `The workflow ${allowed ? "allows" : "leaves out"} ${name}`,
              })
            }
          />
        )}
      </Shown>
      <Shown view={employees}>
        {(all) =>
          all.map((employee) => (
            <Switch
              key={employee.name}
              label={employee.displayName}
              checked={employee.tools.includes(name)}
              disabled={isLocked}
              onChange={(allowed) =>
                change.mutate({
                  write: (to) => allowFor(to, employee, name, allowed),
                  keys: [EMPLOYEES_KEY, ["ai", "employees"]],
                  done: `${employee.displayName} ${allowed ? "may use" : "no longer uses"} ${name}`,
                })
              }
            />
          ))
        }
      </Shown>
      {change.isError && <Problem>{reasonsOf(change.error).join("; ")}</Problem>}
      {!isAdmin && <p className="text-xs text-muted">Only administrators change this.</p>}
    </fieldset>
  );
}

function Shown<T>({ view, children }: { view: View<T>; children: (data: T) => React.ReactNode }) {
  return view.data !== undefined ? children(view.data) : view.error === null ? <Skeleton className="h-5 w-40" /> : <Problem>{view.error.message}</Problem>;
}

/** From what stands there now, which may be newer than what is shown: only this tool changes. */
async function allowInWorkflow(api: Api, name: string, allowed: boolean, tools: readonly Tool[]): Promise<void> {
  const { value, etag } = await readWorkflow(api);
  const known = tools.filter((tool) => !ALWAYS.has(tool.name));
  const draft = { ...value.draft, tools: withOrWithout(value.draft.tools, name, allowed) };
  await api.put(WORKFLOW_PATH, workflowBody(draft, known), etag === null ? {} : { ifMatch: etag });
}

async function allowFor(api: Api, employee: Employee, name: string, allowed: boolean): Promise<void> {
  const { value, etag } = await readEmployee(employee.name)(api);
  const draft = value ?? employee;
  await api.put(
    pathOf(employee.name),
    employeeBody({ ...draft, tools: withOrWithout(draft.tools, name, allowed) }),
    etag === null ? {} : { ifMatch: etag },
  );
}

function withOrWithout(tools: readonly string[], name: string, allowed: boolean): readonly string[] {
  const others = tools.filter((each) => each !== name);
  return allowed ? [...others, name] : others;
}
