import { useId, type ComponentProps } from "react";
import { Check, ChevronDown, Search } from "lucide-react";
import { Checkbox as CheckboxPrimitive, Switch as SwitchPrimitive } from "radix-ui";
import { cx } from "../lib/cx";

interface FieldProps {
  label: string;
  /** Stands below the field. */
  hint?: string | undefined;
  /** What is wrong with the value; `ProblemError.fields` gives it by name. */
  problem?: string | undefined;
  /** The label is read out but not seen: where the place says what the field is. */
  labelHidden?: boolean | undefined;
}

// 16 px on touch screens: smaller text makes phones zoom into the field.
const CHOICE =
  "w-full rounded-md border border-line-strong bg-surface px-2.5 py-1.5 text-sm text-ink placeholder:text-muted pointer-coarse:text-base aria-invalid:border-bad disabled:opacity-60";
// Not for a select: browsers count it as read-only always.
const BOX = `${CHOICE} read-only:bg-raised`;

export function TextField({ label, hint, problem, labelHidden, className, ...rest }: FieldProps & ComponentProps<"input">) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint} problem={problem} labelHidden={labelHidden} className={className}>
      <input id={id} {...described(id, hint, problem)} {...rest} className={BOX} />
    </Labelled>
  );
}

/** For filtering what is already on the page, or searching the server; Escape empties it. */
export function SearchField({
  label,
  value,
  onChange,
  className,
  ...rest
}: Omit<ComponentProps<"input">, "value" | "onChange"> & {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <div className={cx("relative min-w-0", className)}>
      <Search aria-hidden="true" className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onChange("")}
        {...rest}
        className={cx(BOX, "h-8 pl-8 pointer-coarse:h-10")}
      />
    </div>
  );
}

export function TextArea({ label, hint, problem, labelHidden, className, ...rest }: FieldProps & ComponentProps<"textarea">) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint} problem={problem} labelHidden={labelHidden} className={className}>
      <textarea id={id} {...described(id, hint, problem)} {...rest} className={`${BOX} block resize-y`} />
    </Labelled>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

/** The platform's own list: it works by touch, keyboard and screen reader as people know it. */
export function Select({
  label,
  hint,
  problem,
  labelHidden,
  options,
  className,
  onChange,
  ...rest
}: FieldProps &
  Omit<ComponentProps<"select">, "onChange" | "children"> & {
    options: readonly Option[];
    onChange?: (value: string) => void;
  }) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint} problem={problem} labelHidden={labelHidden} className={className}>
      <div className="relative">
        <select
          id={id}
          {...described(id, hint, problem)}
          {...rest}
          {...(onChange === undefined ? {} : { onChange: (event) => onChange(event.target.value) })}
          className={`${CHOICE} h-8 appearance-none py-0 pr-8 pointer-coarse:h-10`}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown aria-hidden="true" className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 text-muted" />
      </div>
    </Labelled>
  );
}

interface ToggleProps {
  label: string;
  hint?: string | undefined;
  labelHidden?: boolean;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

export function Checkbox({
  checked,
  onChange,
  ...rest
}: Omit<ToggleProps, "checked"> & { checked: boolean | "indeterminate" }) {
  return (
    <Toggle {...rest}>
      {(id) => (
        <CheckboxPrimitive.Root
          id={id}
          checked={checked}
          disabled={rest.disabled === true}
          onCheckedChange={(state) => onChange(state === true)}
          className="relative flex size-4 shrink-0 items-center justify-center rounded border border-line-strong bg-surface text-white after:absolute after:-inset-2 after:content-[''] data-[state=checked]:border-transparent data-[state=checked]:bg-accent-solid data-[state=indeterminate]:border-transparent data-[state=indeterminate]:bg-accent-solid"
        >
          <CheckboxPrimitive.Indicator>
            {checked === "indeterminate" ? (
              <span className="block h-0.5 w-2 bg-white" />
            ) : (
              <Check aria-hidden="true" className="size-3" strokeWidth={3} />
            )}
          </CheckboxPrimitive.Indicator>
        </CheckboxPrimitive.Root>
      )}
    </Toggle>
  );
}

/** Takes effect at once; what takes effect with a button is a `Checkbox`. */
export function Switch({ checked, onChange, ...rest }: ToggleProps) {
  return (
    <Toggle {...rest}>
      {(id) => (
        <SwitchPrimitive.Root
          id={id}
          checked={checked}
          disabled={rest.disabled === true}
          onCheckedChange={onChange}
          className="relative h-5 w-9 shrink-0 rounded-full border border-line-strong bg-raised transition-colors data-[state=checked]:border-transparent data-[state=checked]:bg-accent-solid"
        >
          <SwitchPrimitive.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-line-strong transition-transform data-[state=checked]:translate-x-4.5 data-[state=checked]:bg-white" />
        </SwitchPrimitive.Root>
      )}
    </Toggle>
  );
}

function Toggle({
  label,
  hint,
  labelHidden = false,
  disabled = false,
  children,
}: Pick<ToggleProps, "label" | "hint" | "labelHidden" | "disabled"> & { children: (id: string) => React.ReactNode }) {
  const id = useId();
  return (
    <div className={cx("flex gap-2", hint === undefined ? "items-center" : "items-start", disabled && "opacity-60")}>
      {children(id)}
      <div className={labelHidden ? "sr-only" : "min-w-0"}>
        <label htmlFor={id} className="text-sm">
          {label}
        </label>
        {hint !== undefined && <p className="text-xs text-muted">{hint}</p>}
      </div>
    </div>
  );
}

function Labelled({
  id,
  label,
  hint,
  problem,
  labelHidden = false,
  className,
  children,
}: FieldProps & { id: string; className?: string | undefined; children: React.ReactNode }) {
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <label htmlFor={id} className={labelHidden ? "sr-only" : "text-xs font-medium text-muted"}>
        {label}
      </label>
      {children}
      {hint !== undefined && problem === undefined && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      )}
      {problem !== undefined && (
        <p id={`${id}-problem`} className="text-xs text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}

function described(id: string, hint: string | undefined, problem: string | undefined) {
  if (problem !== undefined) {
    return { "aria-invalid": true, "aria-describedby": `${id}-problem` };
  }
  return hint === undefined ? {} : { "aria-describedby": `${id}-hint` };
}
