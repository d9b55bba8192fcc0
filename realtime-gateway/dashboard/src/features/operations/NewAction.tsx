import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useMemo, useState } from "react";
import { ArrowLeft, CircleCheck, ShieldAlert } from "lucide-react";
import type { RequestControllerBody } from "../../api/rest";
import { newKey, useApi } from "../../lib/api";
import { sentence } from "../../lib/format";
import { isObject, text, type JsonObject } from "../../lib/json";
import { messageOf, ProblemError } from "../../lib/problem";
import { useHasRole } from "../../lib/session";
import { read, useView } from "../../lib/useView";
import { effectOf } from "../../parts/action/effect";
import { EffectView } from "../../parts/action/EffectView";
import { BreakGlassBadge, RiskBadge } from "../../parts/action/Risk";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Combobox } from "../../ui/Combobox";
import { Sheet } from "../../ui/Dialog";
import { Checkbox, Select, TextArea, TextField } from "../../ui/Field";
import { Facts } from "../../ui/Facts";
import { Banner, Problem } from "../../ui/Notice";
import { ErrorState, SkeletonRows } from "../../ui/States";
import { useToast } from "../../ui/Toast";
import { actionName, actionOf, kindsOf, type Kind } from "./actions";
import { instancesInWords, placeOf, type Deployment } from "./deployment";
import { useDeployments } from "./Deployments";

/** What a new action begins with. */
export interface Draft {
  readonly type?: string;
  readonly arguments?: JsonObject;
  readonly undoes?: string;
}

const ORDER = ["restart_deployment", "rollout_restart", "scale_deployment", "rollback_deployment"];
const TARGET_TYPES: ReadonlyMap<string, string> = new Map([
  ["standalone", "Standalone"],
  ["kubernetes", "Kubernetes"],
  ["gke", "GKE"],
  ["cloud_run", "Cloud Run"],
]);

/** What is asked for, exactly as it is sent to be rehearsed and then to be done. */
type Request = RequestControllerBody & Required<Pick<RequestControllerBody, "action_type" | "arguments" | "reason">>;

/** First the form, then what it would do, then the deed: nothing is done that was not shown before. */
export function NewAction({ draft, onClose, onRequested }: { draft: Draft; onClose: () => void; onRequested: (id: string) => void }) {
  const kinds = useView(["actions", "catalogue"], read("/api/v1/actions/catalogue", ({ body }) => kindsOf(body)));
  const deployments = useMemo(
    () =>
      (kinds.data ?? [])
        .filter(({ type }) => ORDER.includes(type))
        .sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type)),
    [kinds.data],
  );
  const isUndo = draft.undoes !== undefined;
  if (kinds.data === undefined) {
    return (
      <Sheet open wide onClose={onClose} title="New deployment action">
        {kinds.error === null ? <SkeletonRows /> : <ErrorState error={kinds.error} onRetry={kinds.refresh} />}
      </Sheet>
    );
  }
  return <Form draft={draft} kinds={isUndo ? deployments.filter(({ type }) => type === draft.type) : deployments} title={isUndo ? "Undo" : "New deployment action"} onClose={onClose} onRequested={onRequested} />;
}

function Form({
  draft,
  kinds,
  title,
  onClose,
  onRequested,
}: {
  draft: Draft;
  kinds: readonly Kind[];
  title: string;
  onClose: () => void;
  onRequested: (id: string) => void;
}) {
  const api = useApi();
  const id = useId();
  const isAdmin = useHasRole("admin");
  const served = kinds.filter(({ providers }) => providers.length > 0);
  const [type, setType] = useState(draft.type ?? served[0]?.type ?? "restart_deployment");
  const [typed, setTyped] = useState<ReadonlyMap<string, string>>(
    () => new Map(Object.entries(draft.arguments ?? {}).map(([name, value]) => [name, String(value)])),
  );
  const [isRange, setRange] = useState(draft.arguments?.["min_replicas"] !== undefined);
  const [breaksGlass, setBreaksGlass] = useState(false);
  const kind = kinds.find((each) => each.type === type);
  const targets = kind?.providers ?? [];
  const targetType = targets.includes(typed.get("target_type") ?? "") ? (typed.get("target_type") ?? "") : (targets[0] ?? "");
  const known = useKnownServices(targetType);
  const deployments = useDeployments();
  const offered = (deployments.data ?? []).filter(({ actions }) => actions.includes(type));
  const rehearsal = useMutation({
    mutationFn: async (request: Request) => {
      const { body } = await api.post("/api/v1/actions/dry_run", request);
      return { request, outlook: isObject(body) ? body : {} };
    },
  });
  const problems = fieldsOf(rehearsal.error);
  const value = (name: string) => typed.get(name) ?? "";
  const field = (name: string) => ({
    value: value(name),
    problem: problems.get(name),
    onChange: (event: { target: { value: string } }) => setTyped(new Map(typed).set(name, event.target.value)),
    autoComplete: "off",
  });
  const chosen = offered.find((each) => each.targetType === targetType && PLACE.every((name) => (placeOf(each)[name] ?? "") === value(name).trim()));
  const choose = (target: string) => {
    const place = offered.find((each) => each.target === target);
    if (place !== undefined) {
      const given = placeOf(place);
      setTyped(new Map([...typed, ...PLACE.map((name) => [name, given[name] ?? ""] as const), ["target_type", place.targetType]]));
    }
  };
  const request = (): Request => {
    const isKube = targetType === "kubernetes" || targetType === "gke";
    const names = [
      "service_name",
      ...(isKube ? ["cluster_name", "namespace"] : []),
      ...(targetType === "cloud_run" ? ["cluster_name"] : []),
      ...(targetType === "cloud_run" || targetType === "gke" ? ["region"] : []),
    ];
    const counts = type !== "scale_deployment" ? [] : isRange ? ["min_replicas", "max_replicas"] : ["replicas"];
    const given = names.flatMap((name) => (value(name).trim() === "" ? [] : [[name, value(name).trim()] as const]));
    const numbers = counts.flatMap((name) => {
      const number = value(name).trim();
      return number === "" ? [] : [[name, /^\d+$/.test(number) ? Number(number) : number] as const];
    });
    const reason = value("reason").trim();
    return {
      action_type: type,
      arguments: { ...Object.fromEntries(given), target_type: targetType, ...Object.fromEntries(numbers), ...(reason === "" ? {} : { reason }) },
      reason,
      ...(breaksGlass ? { break_glass: reason } : {}),
      ...(draft.undoes === undefined ? {} : { undoes: draft.undoes }),
    };
  };

  if (rehearsal.data !== undefined) {
    return (
      <Preview
        {...rehearsal.data}
        onBack={() => rehearsal.reset()}
        onClose={onClose}
        onRequested={onRequested}
      />
    );
  }
  const isKube = targetType === "kubernetes" || targetType === "gke";
  return (
    <Sheet
      open
      wide
      onClose={onClose}
      title={title}
      description="You see what it would do before anything is asked for."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} look="primary" disabled={rehearsal.isPending || targets.length === 0 || value("service_name").trim() === "" || value("reason").trim() === ""}>
            {rehearsal.isPending ? "Computing…" : "Show the effect"}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!rehearsal.isPending) {
            rehearsal.mutate(request());
          }
        }}
      >
        <fieldset className="flex flex-col gap-1.5" disabled={draft.undoes !== undefined}>
          <legend className="mb-1 text-xs font-medium text-muted">What</legend>
          <div className="grid grid-cols-1 gap-2 sm:grid-cols-2">
            {kinds.map((each) => {
              const isOff = each.providers.length === 0;
              return (
                <label
                  key={each.type}
                  className="flex cursor-pointer items-start gap-2 rounded-md border border-line p-2.5 has-checked:border-accent has-checked:bg-accent-soft has-disabled:cursor-default has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
                >
                  <input
                    type="radio"
                    name="type"
                    value={each.type}
                    checked={type === each.type}
                    disabled={isOff}
                    onChange={() => setType(each.type)}
                    className="mt-1 accent-accent-solid outline-none"
                  />
                  <span className="min-w-0">
                    <span className="block font-medium">{actionName(each.type)}</span>
                    <span className="block text-xs text-muted">{isOff ? "Nothing in this installation can do it." : each.description}</span>
                  </span>
                </label>
              );
            })}
          </div>
        </fieldset>
        {kind !== undefined && !kind.isAccepting && <Banner tone="warn">Who does it is not there at the moment; what is approved waits until it is.</Banner>}
        {offered.length > 0 && draft.undoes === undefined && (
          <div className="flex flex-col gap-1">
            <Combobox
              label="Deployment"
              value={chosen?.target ?? null}
              options={offered.map(({ target }) => ({ value: target, label: target }))}
              placeholder="Choose one, or name it below"
              onChange={choose}
            />
            {chosen !== undefined && (
              <p className="text-xs text-muted wrap-anywhere">
                {chosen.problem === null ? `Now: ${nowInWords(chosen)}` : sentence(chosen.problem)}
              </p>
            )}
          </div>
        )}
        <div className="grid gap-3 sm:grid-cols-2">
          <Select
            label="Where it runs"
            value={targetType}
            options={targets.map((each) => ({ value: each, label: TARGET_TYPES.get(each) ?? each }))}
            problem={problems.get("target_type")}
            onChange={(next) => setTyped(new Map(typed).set("target_type", next))}
            disabled={targets.length < 2}
          />
          <div>
            <TextField label="Service" required maxLength={63} spellCheck={false} autoFocus list={`${id}-services`} {...field("service_name")} />
            <datalist id={`${id}-services`}>
              {[...new Set([...offered.filter((each) => each.targetType === targetType).map(({ service }) => service), ...known])].map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </div>
          {isKube && <TextField label="Cluster" hint="Without it, the one that is set up." maxLength={63} spellCheck={false} {...field("cluster_name")} />}
          {isKube && <TextField label="Namespace" hint="Without it, the one that is set up." maxLength={63} spellCheck={false} {...field("namespace")} />}
          {targetType === "cloud_run" && <TextField label="Project" hint="Without it, the one that is set up." maxLength={63} spellCheck={false} {...field("cluster_name")} />}
          {(targetType === "cloud_run" || targetType === "gke") && (
            <TextField label="Region" hint="Without it, the one that is set up." maxLength={63} spellCheck={false} {...field("region")} />
          )}
        </div>
        {type === "scale_deployment" && (
          <div className="flex flex-col gap-3">
            <div className="grid gap-3 sm:grid-cols-2">
              {isRange ? (
                <>
                  <TextField label="Least replicas" inputMode="numeric" {...field("min_replicas")} />
                  <TextField label="Most replicas" inputMode="numeric" {...field("max_replicas")} />
                </>
              ) : (
                <TextField label="Replicas" inputMode="numeric" {...field("replicas")} />
              )}
            </div>
            <Checkbox label="A range, within which it scales by itself" checked={isRange} onChange={setRange} />
          </div>
        )}
        <TextArea label="Reason" required rows={2} maxLength={500} hint="For whoever decides, and for the log." {...field("reason")} />
        {isAdmin && (
          <Checkbox
            label="Break-glass"
            hint="Sets cool-downs, rates, windows, caps, breakers and this client's kill switch aside, for this action only. It is logged with the reason."
            checked={breaksGlass}
            onChange={setBreaksGlass}
          />
        )}
        {rehearsal.isError && !coversAll(problems) && <Problem>{messageOf(rehearsal.error)}</Problem>}
      </form>
    </Sheet>
  );
}

function Preview({
  request,
  outlook,
  onBack,
  onClose,
  onRequested,
}: {
  request: Request;
  outlook: JsonObject;
  onBack: () => void;
  onClose: () => void;
  onRequested: (id: string) => void;
}) {
  const api = useApi();
  const queries = useQueryClient();
  const toast = useToast();
  const [key] = useState(newKey);
  const deed = useMutation({
    // The same key however often it is pressed: the action is the same.
    mutationFn: async () => {
      const { body } = await api.post("/api/v1/actions", request, { idempotencyKey: key });
      return isObject(body) ? text(body["action_id"]) : null;
    },
    onSuccess: (id) => {
      toast({ title: `${actionName(request.action_type)} is asked for`, detail: "Policy decides whether somebody else must agree.", tone: "info" });
      void queries.invalidateQueries({ queryKey: ["actions"] });
      if (id === null) {
        onClose();
      } else {
        onRequested(id);
      }
    },
  });
  const effect = effectOf(outlook["effect"]);
  const refusal = isObject(outlook["refusal"]) ? outlook["refusal"] : null;
  const findings = (Array.isArray(outlook["guardrails"]) ? (outlook["guardrails"] as unknown[]) : []).filter(isObject);
  const isPossible = outlook["possible"] === true;
  const environment = text(outlook["environment"]);
  const risk = text(outlook["risk"]);
  const verb = actionName(request.action_type);
  const service = text(request.arguments["service_name"]) ?? "";
  return (
    <Sheet
      open
      wide
      onClose={onClose}
      title={`${verb} ${service}`}
      description="This is what it would do. Nothing was changed yet."
      footer={
        <>
          <Button icon={ArrowLeft} onClick={onBack} disabled={deed.isPending}>
            Back
          </Button>
          <Button look={environment === "production" ? "danger" : "primary"} disabled={!isPossible || deed.isPending || deed.isSuccess} onClick={() => deed.mutate()}>
            {deed.isPending ? "Asking…" : `${verb} ${service}`}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap items-center gap-2">
          {environment !== null && <Badge tone={environment === "production" ? "bad" : "neutral"}>{environment}</Badge>}
          {risk !== null && <RiskBadge risk={risk} />}
          {request.break_glass !== undefined && <BreakGlassBadge />}
          {request.undoes !== undefined && <Badge tone="info">Undoes an action</Badge>}
          <Badge>{outlook["reversible"] === true ? "can be undone" : "cannot be undone"}</Badge>
        </div>
        {refusal !== null && (
          <Problem>
            It cannot be done. {sentence(text(refusal["reason"]) ?? "it was refused")}
          </Problem>
        )}
        {effect !== null && (
          <div className="rounded-lg border border-line p-3">
            <EffectView effect={effect} />
          </div>
        )}
        {refusal === null && (
          <section aria-label="Guardrails" className="flex flex-col gap-2">
            <h3 className="text-xs font-medium text-muted">Guardrails</h3>
            {findings.length === 0 ? (
              <p className="flex items-center gap-2">
                <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-good" />
                Nothing stands against it now.
              </p>
            ) : (
              <ul role="list" className="flex flex-col gap-1.5">
                {findings.map((finding, index) => (
                  <li key={index} className="flex items-start gap-2">
                    <ShieldAlert aria-hidden="true" className={finding["set_aside"] === true ? "mt-0.5 size-4 shrink-0 text-warn" : "mt-0.5 size-4 shrink-0 text-bad"} />
                    <span className="min-w-0 wrap-anywhere">
                      <span className="font-medium">{text(finding["rule"])}</span>: {text(finding["reason"])}
                      {finding["set_aside"] === true ? <span className="text-muted"> (set aside by break-glass)</span> : <span className="text-bad"> (bars it)</span>}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </section>
        )}
        <Facts
          facts={[
            { name: "Target", value: text(outlook["target"]) },
            { name: "Provider", value: text(outlook["provider"]) },
            { name: "Reason", value: request.reason },
          ]}
        />
        {deed.isError && <Problem>{messageOf(deed.error)}</Problem>}
      </div>
    </Sheet>
  );
}

/** Names to choose from: services that were acted on before, of those that run there. */
function useKnownServices(targetType: string): readonly string[] {
  const view = useView(
    ["actions", "services"],
    read("/api/v1/actions?limit=100", ({ body }) => {
      const items = isObject(body) && Array.isArray(body["items"]) ? (body["items"] as unknown[]) : [];
      return items.flatMap((item) => actionOf(item) ?? []);
    }),
  );
  return useMemo(
    () => [
      ...new Set(
        (view.data ?? []).flatMap(({ arguments: given }) => {
          const name = text(given["service_name"]);
          return given["target_type"] === targetType && name !== null ? [name] : [];
        }),
      ),
    ],
    [view.data, targetType],
  );
}

const PLACE = ["service_name", "cluster_name", "namespace", "region"] as const;

function nowInWords(deployment: Deployment): string {
  const { image, revision } = deployment;
  return [instancesInWords(deployment), ...(image === null ? [] : [image]), ...(revision === null ? [] : [`revision ${revision}`])].join(", ");
}

const SHOWN = ["service_name", "target_type", "cluster_name", "namespace", "region", "replicas", "min_replicas", "max_replicas", "reason"];

function fieldsOf(error: unknown): ReadonlyMap<string, string> {
  return error instanceof ProblemError
    ? new Map([...error.fields].map(([name, reason]) => [name.replace(/^arguments\./, ""), reason]))
    : new Map();
}

function coversAll(problems: ReadonlyMap<string, string>): boolean {
  return problems.size > 0 && [...problems.keys()].every((name) => SHOWN.includes(name));
}
