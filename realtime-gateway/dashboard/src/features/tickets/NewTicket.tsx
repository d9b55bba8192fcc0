import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { useApi } from "../../lib/api";
import { isObject, text } from "../../lib/json";
import { messageOf, ProblemError } from "../../lib/problem";
import { Button } from "../../ui/Button";
import { CopyId } from "../../ui/CopyId";
import { TextArea, TextField } from "../../ui/Field";
import { Problem } from "../../ui/Notice";

interface NewTicketFields {
  readonly subject: string;
  readonly body: string;
  readonly customer_email: string;
}

export function NewTicket() {
  const api = useApi();
  const form = useRef<HTMLFormElement>(null);
  const post = useMutation({
    mutationFn: async (fields: NewTicketFields) => {
      const { body } = await api.post("/api/v1/tickets", fields);
      return isObject(body) ? text(body["ticket_id"]) : null;
    },
    onSuccess: () => {
      form.current?.reset();
      form.current?.querySelector("input")?.focus();
    },
  });
  const fields = post.error instanceof ProblemError ? post.error.fields : new Map<string, string>();

  return (
    <form
      ref={form}
      className="flex flex-col gap-2.5 p-3"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const value = (name: string) => String(data.get(name) ?? "").trim();
        if (!post.isPending) {
          post.mutate({ subject: value("subject"), body: value("body"), customer_email: value("customer_email") });
        }
      }}
    >
      <TextField label="Subject" name="subject" required autoComplete="off" problem={fields.get("subject")} />
      <TextArea label="Body" name="body" rows={2} required problem={fields.get("body")} />
      <TextField
        label="Customer e-mail"
        name="customer_email"
        type="email"
        required
        autoComplete="off"
        problem={fields.get("customer_email")}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" disabled={post.isPending}>
          {post.isPending ? "Posting…" : "Post ticket"}
        </Button>
        <p role="status" className="flex min-w-0 items-center gap-2 text-sm text-good">
          {post.isSuccess && (
            <>
              Accepted
              {post.data !== null && <CopyId id={post.data} name="ticket id" />}
            </>
          )}
        </p>
      </div>
      {post.isError && <Problem>{messageOf(post.error)}</Problem>}
    </form>
  );
}
