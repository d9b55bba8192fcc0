import { useId, useState } from "react";
import { words } from "../../lib/format";
import { localZone } from "../../lib/figures";
import type { JsonObject } from "../../lib/json";
import { Button } from "../../ui/Button";
import { Sheet } from "../../ui/Dialog";
import { Select, TextField } from "../../ui/Field";
import { DAYS, draftOf, KINDS, problemsOf, ruleOf, type RuleDraft } from "./ruleDraft";

/** One guardrail, to be taken into the draft: nothing is saved here. */
export function RuleEditor({
  rule,
  refused,
  onTake,
  onClose,
}: {
  rule: JsonObject | null;
  /** What the service said of it, by field. */
  refused: ReadonlyMap<string, string>;
  onTake: (rule: JsonObject) => void;
  onClose: () => void;
}) {
  const id = useId();
  const [draft, setDraft] = useState<RuleDraft>(() => draftOf(rule, localZone()));
  const [problems, setProblems] = useState(refused);
  const set = (change: Partial<RuleDraft>) => setDraft((before) => ({ ...before, ...change }));
  const typed = (label: string, name: "name" | "targets" | "actionTypes" | "pause" | "perHour" | "count" | "sums" | "from" | "to" | "zone" | "failures" | "within" | "openFor" | "minReplicas" | "maxReplicas" | "maxStep", field: string, more: { hint?: string; placeholder?: string; required?: boolean } = {}) => (
    <TextField
      label={label}
      value={draft[name]}
      problem={problems.get(field)}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => set({ [name]: event.target.value })}
      {...more}
    />
  );
  return (
    <Sheet
      open
      wide
      onClose={onClose}
      title={rule === null ? "New guardrail" : "Guardrail"}
      description="It holds once the guardrails are saved."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} look="primary">
            Take into the draft
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        aria-label="Guardrail"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          const found = problemsOf(draft);
          setProblems(found);
          if (found.size === 0) {
            onTake(ruleOf(draft));
          }
        }}
      >
        <div className="grid gap-3 sm:grid-cols-2">
          {typed("Name", "name", "name", { required: true, hint: "Lower-case letters, digits, - and _. A refusal begins with it." })}
          <Select
            label="Kind"
            value={draft.kind}
            options={KINDS}
            hint={KINDS.find(({ value }) => value === draft.kind)?.hint}
            problem={problems.get("kind")}
            onChange={(kind) => set({ kind })}
          />
        </div>
        <Own draft={draft} set={set} typed={typed} problems={problems} />
        <fieldset className="m-0 flex flex-col gap-3 border-0 p-0">
          <legend className="pb-1 text-xs font-medium text-muted">What it is about; empty: everything</legend>
          <div className="grid gap-3 sm:grid-cols-2">
            {typed("Targets", "targets", "targets", { placeholder: "kubernetes/prod/*", hint: "Exact, or * at the end for all that begin so." })}
            {typed("Actions", "actionTypes", "action_types", { placeholder: "refund, rollout_restart" })}
          </div>
        </fieldset>
      </form>
    </Sheet>
  );
}

/** The fields of its kind. */
function Own({
  draft,
  set,
  typed,
  problems,
}: {
  draft: RuleDraft;
  set: (change: Partial<RuleDraft>) => void;
  typed: (label: string, name: "pause" | "perHour" | "count" | "sums" | "from" | "to" | "zone" | "failures" | "within" | "openFor" | "minReplicas" | "maxReplicas" | "maxStep", field: string, more?: { hint?: string; placeholder?: string }) => React.ReactNode;
  problems: ReadonlyMap<string, string>;
}) {
  switch (draft.kind) {
    case "cool_down":
      return <div className="grid gap-3 sm:grid-cols-2">{typed("Pause", "pause", "pause", { placeholder: "10 min" })}</div>;
    case "rate":
      return (
        <div className="grid gap-3 sm:grid-cols-2">
          {typed("Most within an hour", "perHour", "per_hour")}
          <Select
            label="Counted"
            value={draft.per}
            options={[
              { value: "target", label: "For each target" },
              { value: "client", label: "For all of them together" },
            ]}
            problem={problems.get("per")}
            onChange={(per) => set({ per })}
          />
        </div>
      );
    case "daily_cap":
      return (
        <div className="grid gap-3 sm:grid-cols-3">
          {typed("Most actions in a day", "count", "count")}
          {typed("Most money in a day", "sums", "sums", { placeholder: "5000.00 EUR" })}
          {typed("Time zone", "zone", "zone", { placeholder: "UTC" })}
        </div>
      );
    case "window":
      return (
        <div className="flex flex-col gap-3">
          <div className="grid gap-3 sm:grid-cols-4">
            <Select
              label="Actions begin"
              value={draft.mode}
              options={[
                { value: "deny", label: "never inside" },
                { value: "allow", label: "only inside" },
              ]}
              problem={problems.get("mode")}
              onChange={(mode) => set({ mode })}
            />
            {typed("From", "from", "from", { placeholder: "22:00" })}
            {typed("To", "to", "to", { placeholder: "06:00" })}
            {typed("Time zone", "zone", "zone", { placeholder: "UTC" })}
          </div>
          <fieldset className="m-0 border-0 p-0">
            <legend className="pb-1 text-xs font-medium text-muted">Days; none: every day</legend>
            <div className="flex flex-wrap gap-x-4 gap-y-1.5">
              {DAYS.map((day) => (
                <label key={day} className="flex min-h-6 items-center gap-2 text-sm pointer-coarse:min-h-10">
                  <input
                    type="checkbox"
                    checked={draft.days.includes(day)}
                    onChange={(event) => set({ days: event.target.checked ? [...draft.days, day] : draft.days.filter((each) => each !== day) })}
                    className="size-4 accent-accent-solid"
                  />
                  {words(day)}
                </label>
              ))}
            </div>
            {problems.has("days") && <p className="text-xs text-bad">{problems.get("days")}</p>}
          </fieldset>
        </div>
      );
    case "breaker":
      return (
        <div className="grid gap-3 sm:grid-cols-3">
          {typed("Failures in a row", "failures", "failures")}
          {typed("Within", "within", "within", { placeholder: "10 min" })}
          {typed("Bars for", "openFor", "open_for", { placeholder: "15 min" })}
        </div>
      );
    case "replicas":
      return (
        <div className="grid gap-3 sm:grid-cols-3">
          {typed("At least", "minReplicas", "min_replicas")}
          {typed("At most", "maxReplicas", "max_replicas")}
          {typed("Most at once, more or fewer", "maxStep", "max_step")}
        </div>
      );
    default:
      return <p className="text-muted">As soon as there is one, nothing begins that no allow list names.</p>;
  }
}
