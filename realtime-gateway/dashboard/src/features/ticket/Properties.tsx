import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { Plus, X } from "lucide-react";
import { useApi } from "../../lib/api";
import { cx } from "../../lib/cx";
import { words } from "../../lib/format";
import { isObject, itemsOf, text } from "../../lib/json";
import { messageOf } from "../../lib/problem";
import { useHasRole, usePerson } from "../../lib/session";
import { Badge, StatusBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Combobox } from "../../ui/Combobox";
import { Select, type Option } from "../../ui/Field";
import { Panel } from "../../ui/Panel";
import { useChanged } from "../../ui/Stat";
import { Time } from "../../ui/Time";
import { languageName, languagesWith, narrowed, PRIORITIES, SENTIMENTS, SHIPPED_CATEGORIES } from "./labels";
import { channelName, objects, type Ticket } from "./ticket";
import { Overtaken, useDesk, type Change } from "./useDesk";

/** A change and how it reads, for telling what was not done. */
interface Wish {
  readonly change: Change;
  readonly words: string;
  /** What the ticket says now about it. */
  readonly now: (ticket: Ticket) => string;
}

/** What the ticket is, each changed where it stands. */
export function Properties({ ticket }: { ticket: Ticket }) {
  const mayWork = useHasRole("agent");
  const desk = useDesk(ticket);
  const [wish, setWish] = useState<Wish | null>(null);
  const set = (wanted: Wish) => {
    setWish(wanted);
    desk.mutate(wanted.change, { onSuccess: () => setWish(null) });
  };
  return (
    <Panel title="Properties">
      <div className="flex flex-col gap-3 p-3">
        {desk.isError && wish !== null && (
          <NotDone
            failure={desk.error}
            wish={wish}
            onAgain={() => set(wish)}
            onDismiss={() => {
              desk.reset();
              setWish(null);
            }}
          />
        )}
        {mayWork ? <Editors ticket={ticket} busy={desk.isPending} onSet={set} /> : <Facts ticket={ticket} />}
        <dl className="grid grid-cols-[5rem_minmax(0,1fr)] gap-x-3 gap-y-1 text-xs">
          <Fact name="Channel" value={ticket.channel === null ? null : channelName(ticket.channel)} />
          <Fact
            name="Confidence"
            value={ticket.confidence === null ? null : `${Math.round(ticket.confidence * 100)} %`}
          />
          <Fact name="External id" value={ticket.externalId} />
          <Fact name="Created" value={<Time at={ticket.createdAt} />} />
          <Fact name="Changed" value={<Time at={ticket.updatedAt} />} />
          {ticket.resolvedAt !== null && <Fact name="Resolved" value={<Time at={ticket.resolvedAt} />} />}
        </dl>
      </div>
    </Panel>
  );
}

function NotDone({
  failure,
  wish,
  onAgain,
  onDismiss,
}: {
  failure: Error;
  wish: Wish;
  onAgain: () => void;
  onDismiss: () => void;
}) {
  const overtaken = failure instanceof Overtaken;
  return (
    <div role="alert" className={cx("flex flex-col gap-2 rounded-md px-2.5 py-2", overtaken ? "bg-warn-soft text-warn" : "bg-bad-soft text-bad")}>
      <p className="wrap-anywhere">
        {overtaken
          ? `Somebody was faster${failure.now === null ? "" : `: ${wish.now(failure.now)}`}. Your change (${wish.words}) was not made.`
          : messageOf(failure)}
      </p>
      <div className="flex gap-2">
        <Button size="small" onClick={onAgain}>
          {overtaken ? "Make it anyway" : "Try again"}
        </Button>
        <Button size="small" look="quiet" onClick={onDismiss}>
          Leave it
        </Button>
      </div>
    </div>
  );
}

function Editors({ ticket, busy, onSet }: { ticket: Ticket; busy: boolean; onSet: (wish: Wish) => void }) {
  return (
    <div aria-busy={busy} className="grid grid-cols-2 gap-3">
      <Flashing value={ticket.priority}>
        <Select
          label="Priority"
          value={ticket.priority ?? ""}
          disabled={busy}
          options={ticket.priority === null ? [{ value: "", label: "Not set", disabled: true }, ...PRIORITIES] : PRIORITIES}
          onChange={(priority) =>
            onSet({
              change: { method: "PUT", path: "/priority", body: { priority } },
              words: `priority ${priority}`,
              now: (now) => `the priority is ${now.priority ?? "not set"} now`,
            })
          }
        />
      </Flashing>
      <Flashing value={ticket.assignee}>
        <Assignee
          assignee={ticket.assignee}
          onSet={(assignee) =>
            onSet({
              change: { method: "PUT", path: "/assignee", body: { assignee } },
              words: assignee === null ? "assigned to nobody" : `assigned to ${assignee}`,
              now: (now) => (now.assignee === null ? "nobody has it now" : `${now.assignee} has it now`),
            })
          }
        />
      </Flashing>
      <Flashing value={ticket.category} className="col-span-2">
        <Category
          category={ticket.category}
          onSet={(category) =>
            onSet({
              change: { method: "PUT", path: "/category", body: { category } },
              words: `category ${words(category).toLowerCase()}`,
              now: (now) => `the category is ${now.category === null ? "not known" : words(now.category).toLowerCase()} now`,
            })
          }
        />
      </Flashing>
      <Flashing value={ticket.language}>
        <Language
          language={ticket.language}
          onSet={(language) =>
            onSet({
              change: { method: "PUT", path: "/language", body: { language } },
              words: `language ${languageName(language)}`,
              now: (now) => `the language is ${now.language === null ? "not known" : languageName(now.language)} now`,
            })
          }
        />
      </Flashing>
      <Flashing value={ticket.sentiment}>
        <Select
          label="Sentiment"
          value={ticket.sentiment ?? ""}
          disabled={busy}
          options={ticket.sentiment === null ? [{ value: "", label: "Not known", disabled: true }, ...SENTIMENTS] : SENTIMENTS}
          onChange={(sentiment) =>
            onSet({
              change: { method: "PUT", path: "/sentiment", body: { sentiment } },
              words: `sentiment ${sentiment}`,
              now: (now) => `the sentiment is ${now.sentiment ?? "not known"} now`,
            })
          }
        />
      </Flashing>
      <Tags
        className="col-span-2"
        tags={ticket.tags}
        busy={busy}
        onSet={(tags) =>
          onSet({
            change: { method: "PUT", path: "/tags", body: { tags } },
            words: tags.length === 0 ? "no tags" : `tags ${tags.join(", ")}`,
            now: (now) => (now.tags.length === 0 ? "it has no tags now" : `its tags are ${now.tags.join(", ")} now`),
          })
        }
      />
    </div>
  );
}

function Flashing({ value, className, children }: { value: unknown; className?: string; children: React.ReactNode }) {
  const changed = useChanged(value ?? "");
  return <div className={cx("-m-1 min-w-0 rounded p-1", changed && "animate-arrive", className)}>{children}</div>;
}

/** Of the issuer's list where it gives one; else any name is taken. */
function Assignee({ assignee, onSet }: { assignee: string | null; onSet: (assignee: string | null) => void }) {
  const api = useApi();
  const { user } = usePerson();
  const [typed, setTyped] = useState("");
  const users = useQuery({
    queryKey: ["users"],
    queryFn: async ({ signal }) => itemsOf((await api.get("/api/v1/users", signal)).body),
    staleTime: 60_000,
    retry: false,
  });
  const known: Option[] = [{ value: user, label: `${user} (you)` }];
  for (const each of users.data ?? []) {
    const email = text(each["email"]);
    if (email !== null && email !== user) {
      const name = text(each["name"]);
      known.push({ value: email, label: name === null ? email : `${name}, ${email}` });
    }
  }
  const nobody: Option[] = assignee === null ? [] : [{ value: NOBODY, label: "Nobody" }];
  const shown = narrowed([...known, ...nobody], typed, (name) => `Assign to ${name}`);
  return (
    <Combobox
      label="Assignee"
      value={assignee}
      placeholder="Nobody"
      options={shown}
      onSearch={setTyped}
      onChange={(value) => {
        setTyped("");
        if (value !== (assignee ?? NOBODY)) {
          onSet(value === NOBODY ? null : value);
        }
      }}
    />
  );
}

/** No user's name: those have no spaces around them. */
const NOBODY = " nobody ";

/** The classifier learns from what is chosen here. The same as the agent found confirms that. */
function Category({ category, onSet }: { category: string | null; onSet: (category: string) => void }) {
  const api = useApi();
  const [typed, setTyped] = useState("");
  const classifier = useQuery({
    queryKey: ["classifier", "labels"],
    queryFn: async ({ signal }) => {
      const { body } = await api.get("/api/v1/agent/classifier", signal);
      return isObject(body) ? objects(body["label_figures"]).flatMap((each) => text(each["label"]) ?? []) : [];
    },
    staleTime: 60_000,
    retry: false,
  });
  const own = classifier.data ?? [];
  const labels = own.length > 0 ? own : SHIPPED_CATEGORIES;
  const options = (category === null || labels.includes(category) ? labels : [category, ...labels]).map((value) => ({
    value,
    label: words(value),
  }));
  return (
    <Combobox
      label="Category"
      value={category}
      placeholder="Not known yet"
      options={narrowed(options, typed, (label) => `Use “${label}”`)}
      onSearch={setTyped}
      onChange={(value) => {
        setTyped("");
        onSet(value);
      }}
    />
  );
}

/** The usual ones, found by name or by their two letters; whether there is such a one the service knows. */
function Language({ language, onSet }: { language: string | null; onSet: (language: string) => void }) {
  const [typed, setTyped] = useState("");
  const options = useMemo(() => languagesWith(language), [language]);
  const found = narrowed(options, typed, (code) => `Use “${code.toLowerCase()}”`);
  return (
    <Combobox
      label="Language"
      value={language}
      placeholder="Not known yet"
      // Of what is not known only what could be the letters of a language.
      options={found.filter((option) => options.includes(option) || /^[a-z]{2}$/i.test(option.value))}
      onSearch={setTyped}
      onChange={(value) => {
        setTyped("");
        if (value !== language) {
          onSet(value.toLowerCase());
        }
      }}
    />
  );
}

function Tags({
  tags,
  busy,
  onSet,
  className,
}: {
  tags: readonly string[];
  busy: boolean;
  onSet: (tags: readonly string[]) => void;
  className: string;
}) {
  const [adding, setAdding] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const isLeaving = useRef(false);
  useEffect(() => {
    if (adding) {
      field.current?.focus();
    } else if (isLeaving.current) {
      button.current?.focus(); // it is there again only now
    }
    isLeaving.current = false;
  }, [adding]);
  const add = (typed: string) => {
    const tag = typed.trim().toLowerCase();
    if (tag !== "" && !tags.includes(tag)) {
      onSet([...tags, tag]);
    }
  };
  const leave = () => {
    isLeaving.current = true;
    setAdding(false);
  };
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <span id={id} className="text-xs font-medium text-muted">
        Tags
      </span>
      <ul role="list" aria-labelledby={id} className="flex flex-wrap items-center gap-1.5">
        {tags.map((tag) => (
          <li key={tag} className="inline-flex h-6 max-w-full items-center gap-0.5 rounded border border-line bg-raised pl-1.5 text-xs pointer-coarse:h-9">
            <span className="truncate">{tag}</span>
            <button
              type="button"
              aria-label={`Remove the tag ${tag}`}
              disabled={busy}
              onClick={() => {
                onSet(tags.filter((each) => each !== tag));
                button.current?.focus(); // this one goes with its tag
              }}
              className="flex size-5 items-center justify-center rounded text-muted hover:text-ink disabled:opacity-60 pointer-coarse:size-9"
            >
              <X aria-hidden="true" className="size-3" />
            </button>
          </li>
        ))}
        <li>
          {adding ? (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                add(String(new FormData(event.currentTarget).get("tag") ?? ""));
                event.currentTarget.reset();
              }}
            >
              <input
                ref={field}
                name="tag"
                aria-label="New tag"
                maxLength={50}
                autoComplete="off"
                placeholder="Enter to add"
                onKeyDown={(event) => event.key === "Escape" && leave()}
                onBlur={(event) => {
                  add(event.currentTarget.value);
                  setAdding(false);
                }}
                className="h-6 w-28 rounded border border-line-strong bg-surface px-1.5 text-xs pointer-coarse:h-9 pointer-coarse:text-base"
              />
            </form>
          ) : (
            <button
              ref={button}
              type="button"
              onClick={() => setAdding(true)}
              className="inline-flex h-6 items-center gap-1 rounded border border-dashed border-line-strong px-1.5 text-xs text-muted hover:bg-raised hover:text-ink pointer-coarse:h-9"
            >
              <Plus aria-hidden="true" className="size-3" />
              Add tag
            </button>
          )}
        </li>
      </ul>
    </div>
  );
}

/** For those who only look. */
function Facts({ ticket }: { ticket: Ticket }) {
  return (
    <dl className="grid grid-cols-[5rem_minmax(0,1fr)] items-center gap-x-3 gap-y-1.5">
      <Fact name="Status" value={<StatusBadge status={ticket.status} />} />
      <Fact name="Priority" value={ticket.priority === null ? null : words(ticket.priority)} />
      <Fact name="Category" value={ticket.category === null ? null : words(ticket.category)} />
      <Fact name="Assignee" value={ticket.assignee ?? "Nobody"} />
      <Fact name="Language" value={ticket.language === null ? null : languageName(ticket.language)} />
      <Fact name="Sentiment" value={ticket.sentiment === null ? null : words(ticket.sentiment)} />
      <Fact
        name="Tags"
        value={
          ticket.tags.length === 0 ? null : (
            <span className="flex flex-wrap gap-1.5">
              {ticket.tags.map((tag) => (
                <Badge key={tag}>
                  <span className="truncate">{tag}</span>
                </Badge>
              ))}
            </span>
          )
        }
      />
    </dl>
  );
}

/** Nothing where nothing is known. */
function Fact({ name, value }: { name: string; value: React.ReactNode }) {
  return value === null ? null : (
    <>
      <dt className="text-xs leading-5 text-muted">{name}</dt>
      <dd className="min-w-0 leading-5 wrap-anywhere">{value}</dd>
    </>
  );
}
