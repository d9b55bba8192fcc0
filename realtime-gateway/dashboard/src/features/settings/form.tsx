import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { useHasRole } from "../../lib/session";
import { messageOf, ProblemError } from "../../lib/problem";
import type { Answer } from "../../lib/api";
import type { View } from "../../lib/useView";
import { LeaveGuard } from "../../parts/LeaveGuard";
import { Button } from "../../ui/Button";
import { ConfirmDialog, Sheet } from "../../ui/Dialog";
import { Banner, Problem } from "../../ui/Notice";
import { ErrorState, SkeletonRows } from "../../ui/States";
import { useToast } from "../../ui/Toast";

/** What was read, with the version that a change is made from. */
export interface Versioned<T> {
  readonly value: T;
  readonly etag: string | null;
}

export function versioned<T>(then: (body: unknown) => T): (answer: Answer) => Versioned<T> {
  return ({ body, etag }) => ({ value: then(body), etag });
}

export interface Form<T> {
  readonly value: T;
  readonly isChanged: boolean;
  readonly isBusy: boolean;
  readonly failure: unknown;
  readonly set: (change: Partial<T>) => void;
  readonly discard: () => void;
  readonly submit: () => Promise<void>;
  /** What is wrong with a field, by the name that the API gives it. */
  readonly problem: (...fields: string[]) => string | undefined;
}

interface FormOptions<T> {
  readonly saved: Versioned<T>;
  /** Fails with what is wrong, by field, where that is known before anything is sent. */
  readonly save: (value: T, etag: string | null) => Promise<unknown>;
  /** Read again after it was saved. */
  readonly keys: readonly QueryKey[];
  readonly done: string;
  readonly onDone?: () => void;
}

/** A form that knows what was saved: what is typed is kept over new readings, and is sent with the version it began from. */
export function useForm<T extends object>({ saved, save, keys, done, onDone }: FormOptions<T>): Form<T> {
  const [draft, setDraft] = useState<Versioned<T> | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const client = useQueryClient();
  const toast = useToast();
  const current = draft ?? saved;
  const discard = () => {
    setDraft(null);
    setFailure(null);
  };
  return {
    value: current.value,
    isChanged: draft !== null && JSON.stringify(draft.value) !== JSON.stringify(saved.value),
    isBusy,
    failure,
    set: (change) => setDraft((before) => ({ ...(before ?? saved), value: { ...(before ?? saved).value, ...change } })),
    discard,
    submit: async () => {
      setBusy(true);
      setFailure(null);
      try {
        await save(current.value, current.etag);
        await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
        discard();
        toast({ title: done, tone: "good" });
        onDone?.();
      } catch (reason) {
        setFailure(reason);
      } finally {
        setBusy(false);
      }
    },
    problem: (...fields) =>
      failure instanceof ProblemError
        ? [...failure.fields].find(([named]) => fields.some((field) => named === field || named.startsWith(`${field}[`)))?.[1]
        : undefined,
  };
}

/** A form on the page itself: its button stays in view, and leaving it with changes asks first. */
export function FormOnPage<T extends object>({ form, label, children }: { form: Form<T>; label: string; children: React.ReactNode }) {
  const isAdmin = useHasRole("admin");
  return (
    <form noValidate aria-label={label} onSubmit={(event) => submitOf(event, form)} className="flex min-w-0 flex-col gap-4">
      {!isAdmin && <ReadOnly />}
      <fieldset disabled={!isAdmin || form.isBusy} className="m-0 flex min-w-0 flex-col gap-4 border-0 p-0">
        {children}
      </fieldset>
      {isAdmin && (
        <div className="sticky bottom-0 -mx-1 flex flex-col gap-2 border-t border-line bg-canvas px-1 py-3">
          {form.failure !== null && <Failure failure={form.failure} onReload={form.discard} />}
          <div className="flex flex-wrap items-center justify-end gap-2">
            <span role="status" className="mr-auto text-xs text-muted">
              {form.isChanged ? "Changes are not saved" : "All changes are saved"}
            </span>
            <Button disabled={!form.isChanged || form.isBusy} onClick={form.discard}>
              Discard
            </Button>
            <Button type="submit" look="primary" disabled={!form.isChanged || form.isBusy}>
              {form.isBusy ? "Saving…" : "Save"}
            </Button>
          </div>
        </div>
      )}
      <LeaveGuard when={form.isChanged} />
    </form>
  );
}

/** A form beside the list that it belongs to. */
export function FormSheet<T extends object>({
  form,
  title,
  description,
  submit = "Save",
  isNew = false,
  wide = false,
  onClose,
  children,
}: {
  form: Form<T>;
  title: string;
  description?: string;
  submit?: string;
  isNew?: boolean;
  wide?: boolean;
  onClose: () => void;
  children: React.ReactNode;
}) {
  const isAdmin = useHasRole("admin");
  const [asking, setAsking] = useState(false);
  const close = () => (form.isChanged ? setAsking(true) : onClose());
  return (
    <>
      <Sheet
        open
        wide={wide}
        onClose={close}
        title={title}
        {...(description === undefined ? {} : { description })}
        {...(isAdmin
          ? {
              footer: (
                <>
                  <Button onClick={close} disabled={form.isBusy}>
                    Cancel
                  </Button>
                  <Button look="primary" disabled={form.isBusy || (!isNew && !form.isChanged)} onClick={() => void form.submit()}>
                    {form.isBusy ? "Saving…" : submit}
                  </Button>
                </>
              ),
            }
          : {})}
      >
        <form noValidate aria-label={title} onSubmit={(event) => submitOf(event, form)} className="flex flex-col gap-3">
          {!isAdmin && <ReadOnly />}
          {form.failure !== null && <Failure failure={form.failure} onReload={form.discard} />}
          <fieldset disabled={!isAdmin || form.isBusy} className="m-0 flex min-w-0 flex-col gap-3 border-0 p-0">
            {children}
          </fieldset>
          <button type="submit" hidden />
        </form>
      </Sheet>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Discard what you changed?"
        description="It is not saved."
        confirm="Discard"
        danger
        onConfirm={onClose}
      />
      <LeaveGuard when={form.isChanged} />
    </>
  );
}

function submitOf<T>(event: SubmitEvent, form: Form<T>): void {
  event.preventDefault();
  event.stopPropagation();
  if (!form.isBusy) {
    void form.submit();
  }
}

export function ReadOnly() {
  return <p className="rounded-md bg-raised px-2.5 py-1.5 text-xs text-muted">Only administrators change this. You see it as it stands.</p>;
}

/** Why it was refused, field by field where the service says so. */
export function reasonsOf(failure: unknown): string[] {
  return failure instanceof ProblemError && failure.fields.size > 0
    ? [...failure.fields].map(([field, reason]) => `${field.replaceAll("_", " ")} ${reason}`)
    : [messageOf(failure)];
}

/** For a dialog, which shows a message only: the fields become part of it. */
export async function explained<T>(task: Promise<T>): Promise<T> {
  try {
    return await task;
  } catch (failure) {
    throw new Error(reasonsOf(failure).join("; "), { cause: failure });
  }
}

/** Why it was not saved: the fields that the form may not show are named, too. */
function Failure({ failure, onReload }: { failure: unknown; onReload: () => void }) {
  const isStale = failure instanceof ProblemError && failure.status === 412;
  return (
    <div className="flex flex-col items-start gap-2">
      <Problem>
        {isStale
          ? "Somebody has changed it meanwhile. Load what they saved, and make your change again."
          : reasonsOf(failure).map((reason) => (
              <span key={reason} className="block">
                {reason}
              </span>
            ))}
      </Problem>
      {isStale && (
        <Button size="small" onClick={onReload}>
          Load what was saved
        </Button>
      )}
    </div>
  );
}

/** Shows what was read; a skeleton before, and why it could not be read. */
export function Loaded<T>({ view, rows = 6, children }: { view: View<T>; rows?: number; children: (data: T) => React.ReactNode }) {
  if (view.data === undefined) {
    return (
      <div className="rounded-lg border border-line bg-surface">
        {view.error === null ? <SkeletonRows rows={rows} /> : <ErrorState error={view.error} onRetry={view.refresh} />}
      </div>
    );
  }
  return (
    <>
      {view.error !== null && (
        <div className="overflow-hidden rounded-md">
          <Banner
            tone="warn"
            action={
              <Button size="small" onClick={view.refresh}>
                Try again
              </Button>
            }
          >
            {messageOf(view.error)} What you see is what was read before.
          </Banner>
        </div>
      )}
      {children(view.data)}
    </>
  );
}

/** Several of a few; each a box with its name. */
export function Choices({
  label,
  hint,
  problem,
  options,
  value,
  onChange,
}: {
  label: string;
  hint?: string;
  problem?: string | undefined;
  options: readonly { readonly value: string; readonly label: string }[];
  value: readonly string[];
  onChange: (value: string[]) => void;
}) {
  return (
    <fieldset className="m-0 flex min-w-0 flex-col gap-1.5 border-0 p-0">
      <legend className="pb-1 text-xs font-medium text-muted">{label}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {options.map((option) => (
          <label key={option.value} className="flex min-h-6 items-center gap-2 text-sm pointer-coarse:min-h-10">
            <input
              type="checkbox"
              checked={value.includes(option.value)}
              onChange={(event) => onChange(event.target.checked ? [...value, option.value] : value.filter((each) => each !== option.value))}
              className="size-4 accent-accent-solid"
            />
            {option.label}
          </label>
        ))}
      </div>
      {problem !== undefined ? <p className="text-xs text-bad">{problem}</p> : hint !== undefined && <p className="text-xs text-muted">{hint}</p>}
    </fieldset>
  );
}
