import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useApi } from "../../lib/api";
import { words } from "../../lib/format";
import { isObject, itemsOf, pretty, text, type JsonObject } from "../../lib/json";
import { read, useView } from "../../lib/useView";
import { number, texts } from "../../lib/values";
import { VersionList } from "../../parts/VersionList";
import { Badge, type Tone } from "../../ui/Badge";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog, Sheet } from "../../ui/Dialog";
import { DiffView } from "../../ui/DiffView";
import { Select, TextField } from "../../ui/Field";
import { Problem } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { Age, Time } from "../../ui/Time";
import { FormOnPage, Loaded, reasonsOf, useForm, versioned, type Versioned } from "./form";
import { bodyOf, conditionsOf, consequencesOf, decisionOf, policyOf, type Policy, type Rule } from "./policy";
import { RuleSheet } from "./RuleSheet";

const KEY = ["settings", "policies"] as const;
/** As any address: rules are sent as they were read or typed, and the service says what is wrong with them. */
const PATH: string = "/api/v1/policies";
const readPolicy = read(PATH, versioned(policyOf));
const NEW_RULE: Rule = { name: "", when: {}, then: { decision: "approve", approvers: { count: 1, roles: ["approver"] } } };

export function Policies() {
  const view = useView(KEY, readPolicy);
  return <Loaded view={view} rows={12}>{(saved) => <PolicyForm saved={saved} at={view.at} />}</Loaded>;
}

function PolicyForm({ saved, at }: { saved: Versioned<Policy>; at: number }) {
  const api = useApi();
  const form = useForm<{ rules: readonly Rule[] }>({
    saved: { value: { rules: saved.value.rules }, etag: saved.etag },
    save: ({ rules }, etag) => api.put(PATH, bodyOf(rules), etag === null ? {} : { ifMatch: etag }),
    keys: [KEY],
    done: "The policy is saved. What is asked for from now on goes by it.",
  });
  const { rules } = form.value;
  const [editing, setEditing] = useState<number | null>(null);
  const [removing, setRemoving] = useState<number | null>(null);
  const [comparing, setComparing] = useState(false);
  const move = (from: number, to: number) => {
    const moved = [...rules];
    moved.splice(to, 0, ...moved.splice(from, 1));
    form.set({ rules: moved });
  };
  return (
    <>
      <FormOnPage form={form} label="Policy">
        <Panel
          title="Rules"
          count={rules.length}
          actions={
            <>
              <Age at={at} />
              <div className="ml-auto flex gap-2">
                {form.isChanged && (
                  <Button size="small" onClick={() => setComparing(true)}>
                    What changes
                  </Button>
                )}
                <Button size="small" icon={Plus} onClick={() => setEditing(rules.length)}>
                  Add rule
                </Button>
              </div>
            </>
          }
        >
          <ol role="list" aria-label="Rules, the first that fits decides">
            {rules.map((rule, index) => (
              <RuleRow
                key={`${rule.name} ${index}`}
                rule={rule}
                place={index + 1}
                {...(index === 0 ? {} : { onUp: () => move(index, index - 1) })}
                {...(index === rules.length - 1 ? {} : { onDown: () => move(index, index + 1) })}
                onEdit={() => setEditing(index)}
                onRemove={() => setRemoving(index)}
              />
            ))}
          </ol>
          <p className="border-t border-line px-3 py-2 text-xs text-muted">
            What no rule fits is denied. A refund never goes by itself: a rule that would allow it is refused.
          </p>
        </Panel>
      </FormOnPage>
      <DryRun draft={form.isChanged ? rules : null} />
      <Versions current={saved.value} onTake={(taken) => form.set({ rules: taken })} />
      {editing !== null && (
        <RuleSheet
          rule={rules[editing] ?? NEW_RULE}
          isNew={editing >= rules.length}
          onClose={() => setEditing(null)}
          onTake={(rule) => {
            form.set({ rules: editing >= rules.length ? [...rules, rule] : rules.map((each, index) => (index === editing ? rule : each)) });
            setEditing(null);
          }}
        />
      )}
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Take the rule “${rules[removing ?? 0]?.name ?? ""}” away?`}
        description="What it decided falls to the rules after it. It takes effect when the policy is saved."
        confirm="Take away"
        onConfirm={() => form.set({ rules: rules.filter((_, index) => index !== removing) })}
      />
      <Sheet wide open={comparing} onClose={() => setComparing(false)} title="What changes">
        <DiffView before={pretty(bodyOf(saved.value.rules))} after={pretty(bodyOf(rules))} />
      </Sheet>
    </>
  );
}

const DECISIONS: ReadonlyMap<string, readonly [Tone, string]> = new Map<string, readonly [Tone, string]>([
  ["allow", ["good", "At once"]],
  ["approve", ["warn", "Needs people"]],
  ["deny", ["bad", "Never"]],
]);

function DecisionBadge({ decision }: { decision: string }) {
  const [tone, word] = DECISIONS.get(decision) ?? (["neutral", words(decision)] as const);
  return <Badge tone={tone}>{word}</Badge>;
}

function RuleRow({
  rule,
  place,
  onUp,
  onDown,
  onEdit,
  onRemove,
}: {
  rule: Rule;
  place: number;
  onUp?: () => void;
  onDown?: () => void;
  onEdit: () => void;
  onRemove: () => void;
}) {
  const conditions = conditionsOf(rule);
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-b-0">
      <span className="w-5 shrink-0 pt-0.5 text-right text-xs text-muted tabular-nums">{place}</span>
      <div className="min-w-0 flex-1 basis-52">
        <button type="button" onClick={onEdit} className="max-w-full rounded text-left font-medium wrap-anywhere hover:text-accent hover:underline">
          {rule.name === "" ? "(no name)" : rule.name}
        </button>
        <p className="text-xs text-muted wrap-anywhere">{conditions.length === 0 ? "Fits everything" : conditions.join(" · ")}</p>
        {consequencesOf(rule).length > 0 && <p className="text-xs text-muted wrap-anywhere">→ {consequencesOf(rule).join(" · ")}</p>}
      </div>
      <DecisionBadge decision={decisionOf(rule)} />
      <div className="flex shrink-0">
        <IconButton size="small" label={`Move ${rule.name} up`} icon={ArrowUp} disabled={onUp === undefined} onClick={onUp} />
        <IconButton size="small" label={`Move ${rule.name} down`} icon={ArrowDown} disabled={onDown === undefined} onClick={onDown} />
        <IconButton size="small" label={`Take ${rule.name} away`} icon={Trash2} onClick={onRemove} />
      </div>
    </li>
  );
}

const NO_QUESTION = { actionType: "refund", amount: "", currency: "EUR", target: "", environment: "", confidence: "", requester: "", verified: "", outside: "" };

/** What the policy would say of an action; nothing is asked for. */
function DryRun({ draft }: { draft: readonly Rule[] | null }) {
  const api = useApi();
  const [asked, setAsked] = useState(NO_QUESTION);
  const [answer, setAnswer] = useState<JsonObject | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<typeof NO_QUESTION>) => setAsked((before) => ({ ...before, ...change }));
  const ask = async () => {
    setBusy(true);
    setFailure(null);
    const said = (name: string, value: string) => (value.trim() === "" ? {} : { [name]: value.trim() });
    const amount = asked.amount.trim() === "" ? {} : { amount: asked.amount.trim(), currency: asked.currency.trim() };
    try {
      const { body } = await api.post(`${PATH}/evaluate`, {
        action: {
          action_type: asked.actionType.trim(),
          ...amount,
          ...said("target", asked.target),
          ...said("environment", asked.environment),
          ...said("requester", asked.requester),
          ...(asked.confidence.trim() === "" ? {} : { confidence: Number(asked.confidence) }),
          ...(asked.verified === "" ? {} : { customer_verified: asked.verified === "true" }),
          ...(asked.outside === "" ? {} : { outside_guardrails: asked.outside === "true" }),
        },
        ...(draft === null ? {} : { policy: bodyOf(draft) }),
      });
      setAnswer(isObject(body) ? body : null);
    } catch (reason) {
      setAnswer(null);
      setFailure(reason);
    } finally {
      setBusy(false);
    }
  };
  const flags = [
    { value: "", label: "Not known" },
    { value: "true", label: "Yes" },
    { value: "false", label: "No" },
  ];
  return (
    <Panel title="Dry run" actions={<span className="text-xs text-muted">{draft === null ? "On the policy as it stands" : "On the draft above"}</span>}>
      <form
        noValidate
        aria-label="Dry run"
        className="flex flex-col gap-3 p-3"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          <Field label="Action" value={asked.actionType} onChange={(actionType) => set({ actionType })} placeholder="refund" />
          <Field label="Amount" value={asked.amount} onChange={(amount) => set({ amount })} placeholder="750.00" />
          <Field label="Currency" value={asked.currency} onChange={(currency) => set({ currency })} placeholder="EUR" />
          <Field label="Target" value={asked.target} onChange={(target) => set({ target })} placeholder="payment-api" />
          <Field label="Environment" value={asked.environment} onChange={(environment) => set({ environment })} placeholder="production" />
          <Field label="Confidence, 0 to 1" value={asked.confidence} onChange={(confidence) => set({ confidence })} placeholder="0.9" />
          <Field label="Asked for by" value={asked.requester} onChange={(requester) => set({ requester })} placeholder="ai:luna or user:you" />
          <Select label="Customer is verified" value={asked.verified} options={flags} onChange={(verified) => set({ verified })} />
          <Select label="Outside the guardrails" value={asked.outside} options={flags} onChange={(outside) => set({ outside })} />
        </div>
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={busy || asked.actionType.trim() === ""}>
            {busy ? "Trying…" : "Try"}
          </Button>
          <span className="text-xs text-muted">Nothing is asked for.</span>
        </div>
        {failure !== null && <Problem>{reasonsOf(failure).join("; ")}</Problem>}
        {answer !== null && <Outcome answer={answer} />}
      </form>
    </Panel>
  );
}

function Field({ label, value, placeholder, onChange }: { label: string; value: string; placeholder: string; onChange: (value: string) => void }) {
  return <TextField label={label} value={value} placeholder={placeholder} autoComplete="off" onChange={(event) => onChange(event.target.value)} />;
}

function Outcome({ answer }: { answer: JsonObject }) {
  const looked = itemsOf({ items: answer["looked"] });
  const notes = texts(answer["notes"]);
  const approvers = isObject(answer["approvers"]) ? answer["approvers"] : null;
  return (
    <div role="status" className="flex flex-col gap-2 border-t border-line pt-3">
      <p className="flex flex-wrap items-center gap-2">
        <DecisionBadge decision={text(answer["decision"]) ?? "deny"} />
        <span className="font-medium wrap-anywhere">{text(answer["rule"])}</span>
        {approvers !== null && (
          <span className="text-muted">
            {number(approvers["count"]) ?? 1} {number(approvers["count"]) === 1 ? "person" : "people"}: {texts(approvers["roles"]).join(" or ")}
          </span>
        )}
      </p>
      {text(answer["in_words"]) !== null && <p className="text-muted wrap-anywhere">{text(answer["in_words"])}</p>}
      {notes.map((note) => (
        <p key={note} className="text-xs text-warn wrap-anywhere">
          {note}
        </p>
      ))}
      <details>
        <summary className="w-fit cursor-pointer rounded text-xs font-medium text-accent">How it came to that: {looked.length} {looked.length === 1 ? "rule" : "rules"} looked at</summary>
        <ol role="list" aria-label="Rules looked at" className="mt-2 flex flex-col gap-2">
          {looked.map((rule, index) => (
            <li key={index} className="text-xs">
              <p className="font-medium wrap-anywhere">
                {text(rule["rule"])} <span className={rule["matches"] === true ? "text-good" : "text-muted"}>{rule["matches"] === true ? "fits" : "does not fit"}</span>
              </p>
              <ul role="list">
                {itemsOf({ items: rule["checks"] }).map((check, at) => (
                  <li key={at} className="text-muted wrap-anywhere">
                    <span aria-hidden="true">{check["holds"] === true ? "✓" : "✗"}</span>
                    <span className="sr-only">{check["holds"] === true ? "holds:" : "does not hold:"}</span> {text(check["condition"])?.replaceAll("_", " ")}: {text(check["because"])}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}

function Versions({ current, onTake }: { current: Policy; onTake: (rules: readonly Rule[]) => void }) {
  const view = useView([...KEY, "versions"], read("/api/v1/policies/versions", ({ body }) => itemsOf(body).map(policyOf)));
  const shipped = useView([...KEY, "shipped"], read("/api/v1/policies/versions/0", ({ body }) => policyOf(body)), { pollWhenNotLive: 600_000 });
  const versions = [...(view.data ?? []), ...(shipped.data === undefined || view.data?.some(({ version }) => version === 0) === true ? [] : [shipped.data])];
  return (
    <VersionList
      title="Versions"
      view={view}
      versions={versions}
      current={current.version}
      told={({ version, changedBy, changedAt, rules }) => (
        <>
          {version === 0 ? (
            "As shipped"
          ) : (
            <>
              by {changedBy ?? "somebody"}, <Time at={changedAt} />
            </>
          )}{" "}
          · {rules.length} rules
        </>
      )}
      changes={({ rules }) => <DiffView before={pretty(bodyOf(current.rules))} after={pretty(bodyOf(rules))} />}
      onTake={({ rules }) => onTake(rules)}
    />
  );
}
