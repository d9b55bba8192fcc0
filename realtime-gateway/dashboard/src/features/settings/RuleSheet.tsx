import { useState } from "react";
import { words } from "../../lib/format";
import { Button } from "../../ui/Button";
import { ConfirmDialog, Sheet } from "../../ui/Dialog";
import { Select, TextField } from "../../ui/Field";
import { Choices } from "./form";
import { draftOf, ruleOf, type Rule, type RuleDraft } from "./policy";

const CATEGORIES = ["information", "account", "financial", "technical", "escalation", "operations"].map((value) => ({ value, label: words(value) }));
const ROLES = ["approver", "sre", "admin", "agent"].map((value) => ({ value, label: value === "sre" ? "SRE" : words(value) }));
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((value) => ({ value, label: words(value) }));
const EITHER = [
  { value: "", label: "Either way" },
  { value: "true", label: "Yes" },
  { value: "false", label: "No" },
];

/** One rule of a policy. It goes into the draft; the page's button saves it with the others. */
export function RuleSheet({ rule, isNew, onClose, onTake }: { rule: Rule; isNew: boolean; onClose: () => void; onTake: (rule: Rule) => void }) {
  const [draft, setDraft] = useState(() => draftOf(rule));
  const [missing, setMissing] = useState(false);
  const [asking, setAsking] = useState(false);
  const close = () => (JSON.stringify(draft) === JSON.stringify(draftOf(rule)) ? onClose() : setAsking(true));
  const set = (change: Partial<RuleDraft>) => setDraft((before) => ({ ...before, ...change }));
  const typed = (label: string, name: keyof RuleDraft, more: { hint?: string; placeholder?: string } = {}) => (
    <TextField label={label} value={draft[name] as string} autoComplete="off" {...more} onChange={(event) => set({ [name]: event.target.value })} />
  );
  const take = () => (draft.name.trim() === "" ? setMissing(true) : onTake(ruleOf(draft)));
  const needsPeople = draft.decision === "approve";
  return (
    <Sheet
      open
      wide
      onClose={close}
      title={isNew ? "Add a rule" : rule.name}
      description="It goes into the draft. Save the policy to put it in force."
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="primary" onClick={take}>
            {isNew ? "Add to the draft" : "Take over"}
          </Button>
        </>
      }
    >
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          take();
        }}
      >
        <TextField
          label="Name"
          placeholder="small-refunds"
          value={draft.name}
          problem={missing && draft.name.trim() === "" ? "is required" : undefined}
          autoComplete="off"
          onChange={(event) => set({ name: event.target.value })}
        />
        <Part title="When all of this holds">
          {typed("Action types", "actionTypes", { hint: "Separated by commas; empty: any", placeholder: "refund, password_reset" })}
          <Choices label="Categories" options={CATEGORIES} value={draft.categories} onChange={(categories) => set({ categories })} />
          <div className="grid grid-cols-3 gap-3">
            {typed("Amount over", "amountOver")}
            {typed("up to", "amountUpTo", { placeholder: "200.00" })}
            {typed("Currency", "currency", { placeholder: "EUR" })}
          </div>
          <div className="grid gap-3 sm:grid-cols-2">
            {typed("Targets", "targets", { hint: "payment-* for all that begin so" })}
            {typed("Environments", "environments", { placeholder: "production" })}
            {typed("Asked for by", "requesters", { hint: "user, ai, or exactly who" })}
            {typed("AI employees", "personas")}
            {typed("Confidence below", "confidenceBelow")}
            {typed("Confidence at least", "confidenceAtLeast")}
          </div>
          <Choices label="Days" options={DAYS} value={draft.days} onChange={(days) => set({ days })} />
          <div className="grid grid-cols-3 gap-3">
            {typed("From", "from", { placeholder: "22:00" })}
            {typed("to", "to", { placeholder: "06:00" })}
            {typed("Time zone", "zone", { placeholder: "Europe/Berlin" })}
          </div>
          <div className="grid gap-3 sm:grid-cols-3">
            <Select label="Customer is verified" value={draft.customerVerified} options={EITHER} onChange={(customerVerified) => set({ customerVerified })} />
            <Select label="Outside the guardrails" value={draft.outsideGuardrails} options={EITHER} onChange={(outsideGuardrails) => set({ outsideGuardrails })} />
            <Select label="Break-glass" value={draft.breakGlass} options={EITHER} onChange={(breakGlass) => set({ breakGlass })} />
          </div>
        </Part>
        <Part title="Then">
          <Select
            label="Decision"
            value={draft.decision}
            options={[
              { value: "allow", label: "At once" },
              { value: "approve", label: "Needs people" },
              { value: "deny", label: "Never" },
            ]}
            onChange={(decision) => set({ decision })}
          />
          {needsPeople && (
            <>
              <div className="grid gap-3 sm:grid-cols-2">
                {typed("How many people", "approvers")}
                <Choices label="Of the roles" options={ROLES} value={draft.roles} onChange={(roles) => set({ roles })} />
              </div>
              <div className="grid gap-3 sm:grid-cols-3">
                {typed("Remind after", "remindAfter", { placeholder: "4h" })}
                {typed("Expires after", "expiresAfter", { placeholder: "24h" })}
                {typed("Escalate after", "escalateAfter", { placeholder: "12h" })}
              </div>
              <Choices label="Escalate to" options={ROLES} value={draft.escalateTo} onChange={(escalateTo) => set({ escalateTo })} />
            </>
          )}
          {typed("Reason", "reason", { hint: "Told to whoever asks" })}
        </Part>
        <button type="submit" hidden />
      </form>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Discard what you changed?"
        description="The draft of the policy stays as it was before."
        confirm="Discard"
        danger
        onConfirm={onClose}
      />
    </Sheet>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3 border-t border-line pt-3">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  );
}
