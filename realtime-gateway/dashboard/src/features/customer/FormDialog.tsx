import { useId, useState } from "react";
import { messageOf, ProblemError } from "../../lib/problem";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Problem } from "../../ui/Notice";

/** A dialog around a form: it stays until it is done, and each refusal stands at its field, else above the buttons. */
export function FormDialog({
  title,
  description,
  confirm,
  danger = false,
  disabled = false,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  description?: string;
  /** The verb on the button. */
  confirm: string;
  danger?: boolean;
  disabled?: boolean;
  onSubmit: () => Promise<unknown>;
  onClose: () => void;
  /** Given what is wrong, by field. */
  children: (problems: ReadonlyMap<string, string>) => React.ReactNode;
}) {
  const form = useId();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const problems =
    failure instanceof ProblemError
      ? new Map([...failure.fields].map(([name, reason]) => [name, `It ${reason}.`]))
      : new Map<string, string>();
  return (
    <Dialog
      open
      // What has been begun is waited for: its outcome has to be seen.
      onClose={() => !busy && onClose()}
      title={title}
      {...(description === undefined ? {} : { description })}
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button look={danger ? "danger" : "primary"} type="submit" form={form} disabled={busy || disabled}>
            {busy ? "Working…" : confirm}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (busy || disabled) {
            return;
          }
          setBusy(true);
          setFailure(null);
          onSubmit().then(onClose, (reason: unknown) => {
            setFailure(reason);
            setBusy(false);
          });
        }}
      >
        {children(problems)}
        {failure !== null && problems.size === 0 && <Problem>{messageOf(failure)}</Problem>}
      </form>
    </Dialog>
  );
}
