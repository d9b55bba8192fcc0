import { useState } from "react";
import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { cx } from "../lib/cx";
import { messageOf } from "../lib/problem";
import { Button, IconButton } from "./Button";
import { TextField } from "./Field";
import { useFocusReturn } from "./focusReturn";
import { Problem } from "./Notice";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** Read out with the title. */
  description?: string;
  /** Buttons, at the end. */
  footer?: React.ReactNode;
  children?: React.ReactNode;
}

const SHADE = "fixed inset-0 z-40 bg-shade animate-appear";

/** Asks for something before one goes on. The focus stays inside, and goes back to where it was; Escape closes it. */
export function Dialog({ wide = false, ...props }: DialogProps & { wide?: boolean }) {
  return (
    <Shell
      {...props}
      className={cx(
        "inset-x-3 top-[10dvh] mx-auto max-h-[80dvh] rounded-lg border animate-appear",
        wide ? "max-w-3xl" : "max-w-lg",
      )}
    />
  );
}

/** Details beside what they belong to, at the right edge; the whole width on a phone. */
export function Sheet({ wide = false, ...props }: DialogProps & { wide?: boolean }) {
  return (
    <Shell
      {...props}
      className={cx("inset-y-0 right-0 w-full border-l animate-slide", wide ? "sm:max-w-2xl" : "sm:max-w-md")}
    />
  );
}

function Shell({ open, onClose, title, description, footer, children, className }: DialogProps & { className: string }) {
  const { opened, closed } = useFocusReturn();
  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className={SHADE} />
        <Primitive.Content
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          onCloseAutoFocus={closed}
          onOpenAutoFocus={(event) => {
            opened();
            // To what is to be filled in, else to the dialog itself: its first button is the one that closes it.
            event.preventDefault();
            const content = event.currentTarget as HTMLElement;
            (content.querySelector<HTMLElement>("input, textarea, select") ?? content).focus();
          }}
          className={cx("fixed z-40 flex flex-col border-line bg-surface shadow-overlay outline-none", className)}
        >
          <header className="flex items-start gap-2 border-b border-line py-2 pr-2 pl-4">
            <div className="min-w-0 flex-1 py-1">
              <Primitive.Title className="text-base font-semibold wrap-anywhere">{title}</Primitive.Title>
              {description !== undefined && (
                <Primitive.Description className="text-muted">{description}</Primitive.Description>
              )}
            </div>
            <IconButton label="Close" icon={X} onClick={onClose} />
          </header>
          {children !== undefined && <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>}
          {footer !== undefined && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3 empty:hidden">{footer}</footer>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/**
 * The second step before something that cannot be undone, or that others feel. `typed`: what must be typed to go on,
 * for what would hurt most.
 */
export function ConfirmDialog({
  open,
  onClose,
  title,
  description,
  confirm,
  danger = false,
  typed,
  onConfirm,
  children,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  /** The verb on the button: "Restart", "Delete". */
  confirm: string;
  danger?: boolean;
  typed?: string;
  /** The dialog stays until it is done, and shows why if it fails. */
  onConfirm: () => Promise<unknown> | void;
  children?: React.ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [text, setText] = useState("");
  const close = () => {
    setFailure(null);
    setText("");
    onClose();
  };
  const go = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await onConfirm();
      close();
    } catch (reason) {
      setFailure(reason);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      {...(description === undefined ? {} : { description })}
      footer={
        <>
          <Button onClick={close} disabled={busy}>
            Cancel
          </Button>
          <Button
            look={danger ? "danger" : "primary"}
            disabled={busy || (typed !== undefined && text.trim() !== typed)}
            onClick={() => void go()}
          >
            {busy ? "Working…" : confirm}
          </Button>
        </>
      }
    >
      {(children !== undefined || typed !== undefined || failure !== null) && (
        <div className="flex flex-col gap-3">
          {children}
          {typed !== undefined && (
            <TextField
              label={`Type ${typed} to go on`}
              value={text}
              onChange={(event) => setText(event.target.value)}
              autoComplete="off"
            />
          )}
          {failure !== null && <Problem>{messageOf(failure)}</Problem>}
        </div>
      )}
    </Dialog>
  );
}
