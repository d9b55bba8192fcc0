import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { Lock, Paperclip, Reply, X } from "lucide-react";
import { newKey, useApi } from "../../lib/api";
import { cx } from "../../lib/cx";
import type { Draft } from "../../lib/drafts";
import { inBraces, openIn } from "../../lib/placeholders";
import { messageOf, ProblemError } from "../../lib/problem";
import { itemsOf } from "../../lib/json";
import { Button, IconButton } from "../../ui/Button";
import { KeyHint } from "../../ui/KeyHint";
import { Problem } from "../../ui/Notice";
import { useToast } from "../../ui/Toast";
import { inserted, type CannedReply } from "./canned";
import { CannedPicker } from "./CannedPicker";
import { useCustomer } from "./Customer";
import { bytes, fileOf, ticketPath, type Ticket } from "./ticket";

/** What is being written. It lives above the tabs, so that looking something up does not lose it. */
export interface Writing extends Draft {
  readonly files: readonly File[];
}

export const NOTHING_WRITTEN: Writing = { text: "", internal: false, attempt: null, files: [] };

const LONGEST = 50_000;

/** Answers the customer, or leaves a note for colleagues. */
export function ReplyBox({
  ticket,
  writing,
  onChange,
  field,
  picking,
  onPicking,
}: {
  ticket: Ticket;
  writing: Writing;
  onChange: (writing: Writing) => void;
  field: React.RefObject<HTMLTextAreaElement | null>;
  /** Whether the canned replies are open. */
  picking: boolean;
  onPicking: (picking: boolean) => void;
}) {
  const api = useApi();
  const queries = useQueryClient();
  const toast = useToast();
  const picker = useRef<HTMLInputElement>(null);
  // Files that are there already are not sent again with the words.
  const uploaded = useRef<{ ids: readonly string[]; of: readonly File[] } | null>(null);
  // Where the caret goes once a canned reply stands in the field.
  const selection = useRef<readonly [number, number] | null>(null);
  const customer = useCustomer(ticket);
  const { text, internal, files } = writing;
  const open = internal ? [] : openIn(text);

  const send = useMutation({
    mutationFn: async (said: Writing) => {
      const sent = said.internal ? [] : said.files;
      if (sent.length > 0 && uploaded.current?.of !== sent) {
        const { body } = await api.upload(`${ticketPath(ticket.id)}/attachments`, sent);
        uploaded.current = { of: sent, ids: itemsOf(body).flatMap((item) => fileOf(item)?.id ?? []) };
      }
      // The same words keep their key over failures: whoever presses again after a lost answer does not say it twice.
      const attempt = said.attempt ?? newKey();
      onChange({ ...said, attempt });
      const attachments = sent.length > 0 ? uploaded.current?.ids : undefined;
      await api.post(
        `${ticketPath(ticket.id)}/messages`,
        { text: said.text, internal: said.internal, ...(attachments === undefined ? {} : { attachments }) },
        { idempotencyKey: attempt },
      );
    },
    onSuccess: (_, said) => {
      uploaded.current = null;
      onChange({ ...NOTHING_WRITTEN, internal: said.internal });
      toast({ tone: "good", title: said.internal ? "Note added" : "Reply on its way" });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["ticket", ticket.id] }),
  });
  const isEmpty = text.trim() === "";
  const go = () => {
    if (!isEmpty && !send.isPending) {
      send.mutate(writing);
    }
  };
  const change = (part: Partial<Writing>) => {
    onChange({ ...writing, ...part, attempt: null });
    if (!send.isPending && send.isError) {
      send.reset();
    }
  };
  const insert = (reply: CannedReply) => {
    const { selectionStart = text.length, selectionEnd = text.length } = field.current ?? {};
    const then = inserted(writing, [selectionStart, selectionEnd], reply, ticket, customer.data?.name ?? null);
    selection.current = then.selection;
    change({ text: then.text });
    onPicking(false);
  };
  const backToField = () => {
    field.current?.focus();
    if (selection.current !== null) {
      field.current?.setSelectionRange(...selection.current);
      selection.current = null;
    }
  };
  const fieldProblem = send.error instanceof ProblemError ? send.error.fields.get("text") : undefined;

  return (
    <form
      aria-label={internal ? "Internal note" : "Reply to the customer"}
      className={cx("flex flex-col border-t border-line p-3", internal && "bg-warn-soft")}
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <div
        className={cx(
          "flex flex-col rounded-lg border bg-surface focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent",
          internal ? "border-dashed border-line-strong" : "border-line-strong",
        )}
      >
        <div role="group" aria-label="Who shall read it" className="flex items-center gap-1 px-2 pt-2">
          <Mode icon={Reply} pressed={!internal} onPress={() => change({ internal: false })}>
            Reply
          </Mode>
          <Mode icon={Lock} pressed={internal} onPress={() => change({ internal: true })}>
            Internal note
          </Mode>
          <span className="ml-auto truncate pr-1 text-xs text-muted max-sm:hidden">
            {internal ? "No customer and no model sees it" : (ticket.customer?.email ?? "")}
          </span>
        </div>
        <textarea
          ref={field}
          aria-label={internal ? "Note for colleagues" : "Reply to the customer"}
          aria-invalid={fieldProblem !== undefined}
          rows={3}
          maxLength={LONGEST}
          value={text}
          readOnly={send.isPending}
          placeholder={internal ? "Write what colleagues should know" : "Write a reply"}
          onChange={(event) => change({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              go();
            } else if (event.key === "." && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              onPicking(true);
            }
          }}
          className="peer field-sizing-content max-h-[35dvh] min-h-10 resize-none focus:min-h-18 bg-transparent px-3 py-2 text-base outline-none placeholder:text-muted pointer-coarse:text-lg"
        />
        {files.length > 0 && !internal && (
          <ul role="list" aria-label="Files that go with it" className="flex flex-wrap gap-2 px-2 pb-1">
            {files.map((file) => (
              <li key={`${file.name} ${file.size}`} className="flex h-7 max-w-full items-center gap-1 rounded border border-line bg-raised pl-2 text-xs">
                <span className="truncate">{file.name}</span>
                <span className="text-muted tabular-nums">{bytes(file.size)}</span>
                <IconButton
                  label={`Leave out ${file.name}`}
                  icon={X}
                  size="small"
                  disabled={send.isPending}
                  onClick={() => change({ files: files.filter((each) => each !== file) })}
                />
              </li>
            ))}
          </ul>
        )}
        <div className="flex flex-wrap items-center gap-2 px-2 pb-2">
          <CannedPicker
            ticket={ticket}
            open={picking}
            disabled={send.isPending}
            onOpen={onPicking}
            onChoose={insert}
            onLeft={backToField}
          />
          {ticket.sendsFiles && !internal && (
            <>
              <input
                ref={picker}
                type="file"
                multiple
                tabIndex={-1}
                aria-label="Files to send"
                className="sr-only"
                onChange={(event) => {
                  change({ files: [...files, ...(event.currentTarget.files ?? [])] });
                  event.currentTarget.value = "";
                }}
              />
              <IconButton label="Attach files" icon={Paperclip} disabled={send.isPending} onClick={() => picker.current?.click()} />
            </>
          )}
          <span className="ml-auto flex">
            <span className="pointer-coarse:hidden">
              <KeyHint keys="Ctrl Enter" />
            </span>
          </span>
          <Button type="submit" look="primary" disabled={isEmpty || send.isPending}>
            {send.isPending ? "Sending…" : internal ? "Add note" : "Send reply"}
          </Button>
        </div>
      </div>
      <p role="status" className={cx("text-xs text-warn", open.length > 0 && "mt-2")}>
        {open.length > 0 && `Not filled in yet: ${open.map(inBraces).join(", ")}. The customer would read it as it stands.`}
      </p>
      {send.isError && (
        <div className="mt-2">
          <Problem>{fieldProblem === undefined ? messageOf(send.error) : `The text ${fieldProblem}.`}</Problem>
        </div>
      )}
    </form>
  );
}

function Mode({
  icon: Icon,
  pressed,
  onPress,
  children,
}: {
  icon: typeof Lock;
  pressed: boolean;
  onPress: () => void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className={cx(
        "inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-xs font-medium pointer-coarse:h-9",
        pressed ? "bg-raised text-ink" : "text-muted hover:text-ink",
      )}
    >
      <Icon aria-hidden="true" className="size-3.5" />
      {children}
    </button>
  );
}
