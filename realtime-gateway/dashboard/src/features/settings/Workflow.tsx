import { Plus, X } from "lucide-react";
import { useApi } from "../../lib/api";
import { words } from "../../lib/format";
import { useView, type View } from "../../lib/useView";
import { Button, IconButton } from "../../ui/Button";
import { Select, TextField } from "../../ui/Field";
import { Panel } from "../../ui/Panel";
import { Time } from "../../ui/Time";
import { Choices, FormOnPage, Loaded, useForm, type Versioned } from "./form";
import { readTools, TOOLS_KEY, type Tool } from "./tools";
import { ALWAYS, readWorkflow, WORKFLOW_KEY, WORKFLOW_PATH, workflowBody, type WorkflowDraft, type WorkflowState } from "./workflow";

export function WorkflowSettings() {
  const view = useView(WORKFLOW_KEY, readWorkflow);
  const tools = useView(TOOLS_KEY, readTools);
  return (
    <Loaded view={view} rows={12}>
      {(saved) => <WorkflowForm saved={saved} tools={tools} />}
    </Loaded>
  );
}

function WorkflowForm({ saved, tools }: { saved: Versioned<WorkflowState>; tools: View<readonly Tool[]> }) {
  const api = useApi();
  const known = (tools.data ?? []).filter(({ name }) => !ALWAYS.has(name));
  const form = useForm<WorkflowDraft>({
    saved: { value: saved.value.draft, etag: saved.etag },
    save: (draft, etag) => api.put(WORKFLOW_PATH, workflowBody(draft, known), etag === null ? {} : { ifMatch: etag }),
    keys: [WORKFLOW_KEY, ["ai", "workflow"]],
    done: "The workflow is saved. New runs go by it.",
  });
  const { value, set, problem } = form;
  const route = (index: number, change: Partial<WorkflowDraft["routing"][number]>) =>
    set({ routing: value.routing.map((rule, at) => (at === index ? { ...rule, ...change } : rule)) });
  // A tool that is chosen and no longer there is shown too, so that it can be taken away.
  const names = [...new Set([...known.map(({ name }) => name), ...value.tools.filter((name) => !ALWAYS.has(name))])];
  return (
    <FormOnPage form={form} label="Workflow">
      <Panel title="How it works">
        <div className="flex flex-col gap-3 p-3">
          <fieldset className="m-0 grid gap-3 border-0 p-0 sm:grid-cols-2">
            <legend className="sr-only">Mode</legend>
            <Mode value="pipeline" current={value.mode} onChange={(mode) => set({ mode })} title="Pipeline" hint="Rules decide. A model, if there is one, only words the answers." />
            <Mode value="react" current={value.mode} onChange={(mode) => set({ mode })} title="Agent" hint="A model chooses tools step by step, within what is allowed here." />
          </fieldset>
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField
              label="Engine"
              hint="local, or the name of a model in the configuration"
              value={value.engine}
              problem={problem("engine", "mode")}
              onChange={(event) => set({ engine: event.target.value })}
              autoComplete="off"
            />
            <Select
              label="Classified by"
              value={value.classification}
              problem={problem("classification")}
              options={[
                { value: "local", label: "The local classifier" },
                { value: "model", label: "The engine's model" },
              ]}
              onChange={(classification) => set({ classification })}
            />
          </div>
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField
              label="Least confidence for an action"
              hint="0 to 1. Below it nothing is proposed, nor taken for praise or advertising: a person takes over."
              inputMode="decimal"
              value={value.leastConfidence}
              problem={problem("thresholds.least_confidence", "least_confidence")}
              onChange={(event) => set({ leastConfidence: event.target.value })}
            />
            <TextField
              label="Least confidence for an answer"
              hint="0 to 1. With 0 a passage that fits a question is enough."
              inputMode="decimal"
              value={value.leastConfidenceToAnswer}
              problem={problem("thresholds.least_confidence_to_answer", "least_confidence_to_answer")}
              onChange={(event) => set({ leastConfidenceToAnswer: event.target.value })}
            />
          </div>
        </div>
      </Panel>
      <Panel title="Tools">
        <div className="p-3">
          <Choices
            label="What it may use"
            hint="It may always reply and hand over. With all of them chosen, tools that are added later are allowed too."
            problem={problem("tools")}
            options={names.map((name) => ({ value: name, label: words(name) }))}
            value={value.tools}
            onChange={(chosen) => set({ tools: chosen })}
          />
        </div>
      </Panel>
      <Panel
        title="Routing"
        count={value.routing.length}
        actions={
          <Button size="small" icon={Plus} className="ml-auto" onClick={() => set({ routing: [...value.routing, { categories: "", to: "person" }] })}>
            Add rule
          </Button>
        }
      >
        <div className="flex flex-col gap-3 p-3">
          {problem("routing", "routing.categories", "routing.to") !== undefined && (
            <p className="text-xs text-bad">{problem("routing", "routing.categories", "routing.to")}</p>
          )}
          {value.routing.length === 0 ? (
            <p className="text-muted">No rules: the agent takes up every ticket.</p>
          ) : (
            <ol role="list" aria-label="Routing rules" className="flex flex-col gap-2">
              {value.routing.map((rule, index) => (
                <li key={index} className="flex flex-wrap items-end gap-2">
                  <TextField
                    label={`Categories of rule ${index + 1}`}
                    placeholder="double_charge, legal"
                    value={rule.categories}
                    onChange={(event) => route(index, { categories: event.target.value })}
                    className="min-w-0 flex-1 basis-48"
                  />
                  <Select
                    label="Go to"
                    value={rule.to}
                    options={[
                      { value: "person", label: "A person" },
                      { value: "agent", label: "The agent" },
                    ]}
                    onChange={(to) => route(index, { to })}
                    className="w-32"
                  />
                  <IconButton label={`Remove rule ${index + 1}`} icon={X} onClick={() => set({ routing: value.routing.filter((_, at) => at !== index) })} />
                </li>
              ))}
            </ol>
          )}
          <p className="text-xs text-muted">The first rule that names a ticket's category counts. Categories are separated by commas.</p>
        </div>
      </Panel>
      <Panel title="Limits">
        <div className="grid gap-3 p-3 sm:grid-cols-2 lg:grid-cols-3">
          <TextField label="Steps of a run" inputMode="numeric" value={value.maxSteps} problem={problem("limits.max_steps")} onChange={(event) => set({ maxSteps: event.target.value })} />
          <TextField label="Tokens of a run" inputMode="numeric" value={value.maxTokens} problem={problem("limits.max_tokens")} onChange={(event) => set({ maxTokens: event.target.value })} />
          <TextField label="Seconds of a run" inputMode="numeric" value={value.maxSeconds} problem={problem("limits.max_seconds")} onChange={(event) => set({ maxSeconds: event.target.value })} />
          <TextField label="Cost of a run, USD" inputMode="decimal" value={value.maxCost} problem={problem("limits.max_cost_usd")} onChange={(event) => set({ maxCost: event.target.value })} />
          <TextField
            label="Budget of a day, USD"
            hint="0: no model. A day is UTC's."
            inputMode="decimal"
            value={value.dailyBudget}
            problem={problem("limits.daily_budget_usd")}
            onChange={(event) => set({ dailyBudget: event.target.value })}
          />
        </div>
        <p className="border-t border-line px-3 py-2 text-xs text-muted">
          Over a limit of its run a person takes over, with what is known so far. Over the budget of the day the local engine works.
        </p>
      </Panel>
      <p className="text-xs text-muted tabular-nums">
        {saved.value.version === 0 ? (
          "As shipped: nobody has changed it yet."
        ) : (
          <>
            Version {saved.value.version}, by {saved.value.changedBy ?? "somebody"}, <Time at={saved.value.changedAt} />
          </>
        )}
      </p>
    </FormOnPage>
  );
}

function Mode({ value, current, title, hint, onChange }: { value: string; current: string; title: string; hint: string; onChange: (mode: string) => void }) {
  return (
    <label className="flex cursor-pointer items-start gap-3 rounded-md border border-line p-3 hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft has-disabled:cursor-default has-focus-visible:outline-2 has-focus-visible:outline-accent">
      <input type="radio" name="mode" value={value} checked={current === value} onChange={() => onChange(value)} className="mt-0.5 size-4 accent-accent-solid" />
      <span className="min-w-0">
        <span className="block font-medium">{title}</span>
        <span className="block text-xs text-muted">{hint}</span>
      </span>
    </label>
  );
}
