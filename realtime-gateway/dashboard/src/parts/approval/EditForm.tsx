import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../lib/api";
import { isObject, text } from "../../lib/json";
import { messageOf } from "../../lib/problem";
import { effectOf } from "../action/effect";
import { EffectView } from "../action/EffectView";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Problem } from "../../ui/Notice";
import type { Approval } from "./approvals";
import { problemsOf } from "./Decide";
import type { Verdict } from "./decision";
import { editableOf, editOf } from "./verdict";

/** Other arguments. What they would do is computed before they are sent, and decided anew after. */
export function EditForm({
  approval,
  busy,
  problem,
  onSend,
  onCancel,
}: {
  approval: Approval;
  busy: boolean;
  problem: Error | null;
  onSend: (verdict: Verdict) => void;
  onCancel: () => void;
}) {
  const api = useApi();
  const [fields] = useState(() => editableOf(approval));
  const [typed, setTyped] = useState<ReadonlyMap<string, string>>(new Map());
  const [reason, setReason] = useState("");
  const edit = editOf(fields, typed);
  const isChanged = Object.keys(edit).length > 0;
  const preview = useMutation({
    mutationFn: async () => {
      const { body } = await api.post("/api/v1/actions/dry_run", {
        ...(approval.actionId === null ? {} : { action_id: approval.actionId }),
        arguments: edit,
      });
      return isObject(body) ? body : {};
    },
  });
  const problems = new Map([...problemsOf(preview.error), ...problemsOf(problem)]);
  const refusal = preview.data?.["refusal"];
  const effect = effectOf(preview.data?.["effect"]);
  const currency = isObject(approval.raw["arguments"]) ? text(approval.raw["arguments"]["currency"]) : null;
  return (
    <form
      aria-label="Edit"
      noValidate
      className="flex max-h-[60dvh] flex-col gap-3 overflow-y-auto"
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          onCancel();
        }
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && isChanged && reason.trim() !== "") {
          onSend({ decision: "edit", reason: reason.trim(), arguments: edit });
        }
      }}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        {fields.map(({ name, label, kind, value }, index) => (
          <TextField
            key={name}
            label={kind === "amount" && currency !== null ? `${label} (${currency})` : label}
            value={typed.get(name) ?? value}
            autoFocus={index === 0}
            autoComplete="off"
            maxLength={kind === "text" ? 500 : 20}
            {...(kind === "text" ? {} : { inputMode: kind === "amount" ? ("decimal" as const) : ("numeric" as const) })}
            problem={problems.get(name)}
            className={name === "reason" ? "sm:col-span-2" : undefined}
            onChange={(event) => {
              setTyped(new Map(typed).set(name, event.target.value));
              preview.reset();
            }}
          />
        ))}
      </div>
      {preview.isSuccess && (
        <div className="rounded-md border border-line p-3" aria-label="Effect of the edit" role="region">
          {isObject(refusal) ? (
            <p className="text-bad wrap-anywhere">It would be refused: {text(refusal["reason"])}</p>
          ) : effect !== null ? (
            <EffectView effect={effect} />
          ) : (
            <p className="text-muted">Nothing is known of its effect.</p>
          )}
        </div>
      )}
      {preview.isError && problems.size === 0 && <Problem>{messageOf(preview.error)}</Problem>}
      <TextArea
        label="Reason for the edit"
        rows={2}
        value={reason}
        maxLength={2_000}
        required
        onChange={(event) => setReason(event.target.value)}
        hint="The action is prepared and put through policy anew; votes given so far do not count for it."
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" disabled={busy || !isChanged || reason.trim() === ""}>
          {busy ? "Sending…" : "Send the edit"}
        </Button>
        <Button disabled={!isChanged || preview.isPending || busy} onClick={() => preview.mutate()}>
          {preview.isPending ? "Computing…" : "Show the effect"}
        </Button>
        <Button onClick={onCancel} disabled={busy}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
