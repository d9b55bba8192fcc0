import { useId, type ComponentProps } from "react";

interface FieldProps {
  label: string;
  /** What is wrong with the value. */
  problem?: string | undefined;
}

// 16 px on touch screens: smaller text makes phones zoom into the field.
const BOX =
  "w-full rounded-md border border-line-strong bg-surface px-2.5 py-1.5 text-sm text-ink placeholder:text-muted pointer-coarse:text-base aria-invalid:border-bad read-only:bg-raised";

export function TextField({ label, problem, ...rest }: FieldProps & ComponentProps<"input">) {
  const id = useId();
  return (
    <Labelled id={id} label={label} problem={problem}>
      <input id={id} {...described(id, problem)} {...rest} className={BOX} />
    </Labelled>
  );
}

export function TextArea({ label, problem, ...rest }: FieldProps & ComponentProps<"textarea">) {
  const id = useId();
  return (
    <Labelled id={id} label={label} problem={problem}>
      <textarea id={id} {...described(id, problem)} {...rest} className={`${BOX} block resize-y`} />
    </Labelled>
  );
}

function Labelled({ id, label, problem, children }: FieldProps & { id: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs font-medium text-muted">
        {label}
      </label>
      {children}
      {problem !== undefined && (
        <p id={`${id}-problem`} className="text-xs text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}

function described(id: string, problem: string | undefined) {
  return problem === undefined ? {} : { "aria-invalid": true, "aria-describedby": `${id}-problem` };
}
