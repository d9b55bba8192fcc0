import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState } from "react";
import type { PostedTicket } from "../../api/rest";
import { newKey, useApi } from "../../lib/api";
import { channelName, CHANNELS } from "../../lib/channels";
import { cx } from "../../lib/cx";
import { words } from "../../lib/format";
import { isObject, itemsOf, text } from "../../lib/json";
import { messageOf, ProblemError } from "../../lib/problem";
import { read, useView } from "../../lib/useView";
import { Button } from "../../ui/Button";
import { Select, TextArea, TextField } from "../../ui/Field";
import { KeyHint } from "../../ui/KeyHint";
import { Problem } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { useToast } from "../../ui/Toast";
import { TEMPLATES, type Template } from "./templates";

/** As it is sent; an empty priority is not, so that the agent judges. */
type Draft = Required<Pick<PostedTicket, "subject" | "body" | "customer_email" | "channel" | "priority">>;

const EMPTY: Draft = { subject: "", body: "", customer_email: "", channel: "api", priority: "" };
const CHANNEL_OPTIONS = CHANNELS.map((value) => ({ value, label: channelName(value) }));
const PRIORITIES = [
  { value: "", label: "As the agent judges" },
  ...["low", "normal", "high", "urgent"].map((value) => ({ value, label: words(value) })),
];
const REQUIRED = { subject: "Give it a subject.", body: "Write the message.", customer_email: "Whose ticket is it?" };
const SUGGEST_AFTER_MS = 250;

export function NewTicket({ customerEmail = "" }: { customerEmail?: string | undefined }) {
  const api = useApi();
  const toast = useToast();
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>({ ...EMPTY, customer_email: customerEmail });
  const [missing, setMissing] = useState<ReadonlyMap<string, string>>(new Map());
  const form = useRef<HTMLFormElement>(null);
  // One for the form and not one for each press: a ticket whose acceptance was never heard of is not made twice.
  const [key, setKey] = useState(newKey);

  const post = useMutation({
    mutationFn: async (sent: Draft) => {
      const { priority, ...rest } = sent;
      const fields = { ...rest, subject: sent.subject.trim(), customer_email: sent.customer_email.trim() };
      const { body } = await api.post("/api/v1/tickets", priority === "" ? fields : { ...fields, priority }, {
        idempotencyKey: key,
      });
      return isObject(body) ? text(body["ticket_id"]) : null;
    },
    onSuccess: (id) => {
      toast({ title: "Ticket accepted", tone: "good" });
      void (id === null ? navigate({ to: "/tickets" }) : navigate({ to: "/tickets/$id", params: { id } }));
    },
  });
  const fields = post.error instanceof ProblemError ? post.error.fields : new Map<string, string>();
  const isKeyTaken = fields.has("Idempotency-Key");
  const problemOf = (name: keyof Draft) => missing.get(name) ?? sentence(fields.get(name));

  // To the first field that is at fault, wherever on the page it is.
  const faults = [...missing.keys(), ...fields.keys()].join(" ");
  useEffect(() => {
    if (faults !== "") {
      form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    }
  }, [faults]);

  const set = (changed: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...changed }));
    setMissing((before) => new Map([...before].filter(([name]) => !(name in changed))));
  };
  const take = (template: Template) => {
    const before = draft;
    const isOwn = before.subject !== "" || before.body !== "";
    set({
      subject: template.subject,
      body: template.body,
      channel: template.channel,
      priority: template.priority,
      ...(before.customer_email === "" ? { customer_email: "mary.major@example.org" } : {}),
    });
    const untouched = TEMPLATES.some(({ subject, body }) => subject === before.subject && body === before.body);
    if (isOwn && !untouched) {
      toast({
        title: "The example took the place of what you had written",
        action: { label: "Bring it back", run: () => setDraft(before) },
      });
    }
  };
  const submit = () => {
    if (post.isPending) {
      return;
    }
    const empty = new Map(Object.entries(REQUIRED).filter(([name]) => draft[name as keyof Draft].trim() === ""));
    setMissing(empty);
    if (empty.size === 0) {
      post.mutate(draft);
    }
  };

  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_18rem]">
      <Panel title="Ticket">
        <form
          ref={form}
          noValidate
          className="flex flex-col gap-3 p-3 md:p-4"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              submit();
            }
          }}
        >
          <CustomerField
            value={draft.customer_email}
            problem={problemOf("customer_email")}
            onChange={(customer_email) => set({ customer_email })}
          />
          <TextField
            label="Subject"
            name="subject"
            value={draft.subject}
            maxLength={500}
            autoComplete="off"
            required
            problem={problemOf("subject")}
            onChange={(event) => set({ subject: event.target.value })}
          />
          <TextArea
            label="Message"
            name="body"
            rows={10}
            value={draft.body}
            required
            problem={problemOf("body")}
            onChange={(event) => set({ body: event.target.value })}
          />
          <div className="grid gap-3 sm:grid-cols-2">
            <Select
              label="Channel"
              hint="How it came in."
              value={draft.channel}
              options={CHANNEL_OPTIONS}
              problem={problemOf("channel")}
              onChange={(channel) => set({ channel })}
            />
            <Select
              label="Priority"
              hint="One that is set here is not changed by the agent."
              value={draft.priority}
              options={PRIORITIES}
              problem={problemOf("priority")}
              onChange={(priority) => set({ priority })}
            />
          </div>
          {isKeyTaken ? (
            <Problem>
              An earlier press of the button has been accepted already, with another text. Look for it among the newest tickets
              before you send this one too.
            </Problem>
          ) : (
            post.isError && fields.size === 0 && <Problem>{messageOf(post.error)} Nothing you wrote is lost.</Problem>
          )}
          <div className="flex flex-wrap items-center gap-3 border-t border-line pt-3">
            {isKeyTaken ? (
              <Button
                onClick={() => {
                  setKey(newKey());
                  post.reset();
                }}
              >
                It is another ticket
              </Button>
            ) : (
              <Button type="submit" look="primary" disabled={post.isPending}>
                {post.isPending ? "Creating…" : "Create ticket"}
              </Button>
            )}
            <span className="hidden items-center gap-1.5 text-xs text-muted md:flex">
              <KeyHint keys="Ctrl+Enter" />
            </span>
          </div>
        </form>
      </Panel>
      <Panel title="Examples" className="max-lg:order-first">
        <ul role="list" className="flex gap-1 p-1.5 max-lg:overflow-x-auto lg:flex-col">
          {TEMPLATES.map((template) => (
            <li key={template.name} className="max-lg:w-48 max-lg:shrink-0">
              <button
                type="button"
                onClick={() => take(template)}
                className={cx(
                  "flex w-full flex-col rounded-md px-2 py-1.5 text-left -outline-offset-2 hover:bg-raised",
                  draft.subject === template.subject && "bg-accent-soft",
                )}
              >
                <span className="font-medium">{template.name}</span>
                <span className="text-xs text-muted">{template.about}</span>
              </button>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}

/** Suggests who has written before, and says if their mail is blocked. */
function CustomerField({
  value,
  problem,
  onChange,
}: {
  value: string;
  problem: string | undefined;
  onChange: (value: string) => void;
}) {
  const list = useId();
  const [asked, setAsked] = useState("");
  const typed = value.trim();
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed.length < 2 ? "" : typed), SUGGEST_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const path = `/api/v1/customers?limit=8&q=${encodeURIComponent(asked)}`;
  const found = useView(["new-ticket", "customers", asked], read(path, ({ body }) => itemsOf(body)), {
    enabled: asked !== "",
    pollWhenNotLive: 300_000,
  });
  const customers = asked === "" ? [] : (found.data ?? []);
  const known = customers.find((customer) => text(customer["email"])?.toLowerCase() === typed.toLowerCase());
  return (
    <div>
      <TextField
        label="Customer's e-mail"
        name="customer_email"
        type="email"
        value={value}
        list={list}
        maxLength={254}
        autoComplete="off"
        required
        problem={problem}
        hint={
          known?.["blocked"] === true
            ? "This customer is blocked."
            : known === undefined
              ? "Whoever is not known yet becomes a customer."
              : `Known${text(known["name"]) === null ? "" : ` as ${text(known["name"])}`}.`
        }
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={list}>
        {customers.map((customer) => {
          const email = text(customer["email"]);
          return email === null ? null : (
            <option key={email} value={email}>
              {text(customer["name"]) ?? email}
            </option>
          );
        })}
      </datalist>
    </div>
  );
}

/** "must not be blank", as the services say it, as it stands under a field. */
function sentence(reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : `It ${reason}.`;
}
