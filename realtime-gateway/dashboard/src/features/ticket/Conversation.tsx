import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { Bot, ChevronDown, Lock, RotateCcw } from "lucide-react";
import { useApi } from "../../lib/api";
import { cx } from "../../lib/cx";
import { shortId, words } from "../../lib/format";
import { itemsOf, text } from "../../lib/json";
import { messageOf as wordsOf } from "../../lib/problem";
import { useHasRole } from "../../lib/session";
import { Badge, StatusBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Problem } from "../../ui/Notice";
import { EmptyState } from "../../ui/States";
import { Time } from "../../ui/Time";
import { FileList } from "./Files";
import { MailFrame } from "./MailFrame";
import { nameOf, objects, ticketPath, type Entry, type Message, type Ticket, type TicketFile } from "./ticket";

/** A passage of the knowledge base that an answer rests on. */
interface Citation {
  readonly article: string;
  readonly title: string;
  readonly passage: string;
}

/** How near to its end counts as being there, in pixels. */
const NEAR_END = 48;

/** What was said, oldest first. It stays at its end while one is there; else new messages are announced. */
export function Conversation({ ticket, files }: { ticket: Ticket; files: readonly TicketFile[] }) {
  const { messages } = ticket;
  const citations = useMemo(() => citationsOf(ticket.timeline), [ticket.timeline]);
  const drafted = useMemo(() => draftsOf(ticket.timeline), [ticket.timeline]);
  const box = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [seen, setSeen] = useState(messages.length);
  // What comes while one looks arrives visibly; what was there does not.
  const [first] = useState(() => new Set(messages.map(({ id }) => id)));
  const stays = useRef(true);
  const lastTop = useRef(0);

  useEffect(() => {
    const element = box.current;
    const content = element?.firstElementChild;
    if (element == null || content == null) {
      return undefined;
    }
    // Also when files, or why a mail came back, make what is there longer, and when the reply takes room from it.
    const observer = new ResizeObserver(() => {
      if (stays.current) {
        element.scrollTop = element.scrollHeight;
      }
    });
    observer.observe(content);
    observer.observe(element);
    return () => observer.disconnect();
  }, [messages.length === 0]);
  const unseen = atEnd ? 0 : Math.max(0, messages.length - seen);

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={box}
        role="region"
        aria-label="Conversation"
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          const isThere = scrollHeight - scrollTop - clientHeight < NEAR_END;
          const wentUp = scrollTop < lastTop.current;
          lastTop.current = scrollTop;
          // Where the end went away by itself, the observer is about to follow it.
          if (isThere || wentUp) {
            stays.current = isThere;
            if (isThere || atEnd) {
              setSeen(messages.length);
            }
            setAtEnd(isThere);
          }
        }}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain -outline-offset-2"
      >
        {messages.length === 0 ? (
          <EmptyState title="Nothing was said">What the customer writes, and what is answered, stands here.</EmptyState>
        ) : (
          <ol
            role="list"
            aria-label="What was said"
            // What somebody opens must not be scrolled away from them because it has become longer.
            onClickCapture={() => {
              stays.current = false;
            }}
            className="flex flex-col gap-4 p-3 md:p-4"
          >
            {messages.map((message) => (
              <MessageView
                key={message.id}
                ticket={ticket}
                message={message}
                arrives={!first.has(message.id)}
                files={filesOf(message, messages, files)}
                citations={message.author === null && message.direction === "outbound" ? (citations.get(message.text) ?? []) : []}
                byAi={message.author === null && message.direction === "outbound" ? (drafted.get(message.text) ?? null) : null}
              />
            ))}
          </ol>
        )}
      </div>
      {unseen > 0 && (
        <Button
          size="small"
          icon={ChevronDown}
          className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-overlay"
          onClick={() => box.current?.scrollTo({ top: box.current.scrollHeight, behavior: "smooth" })}
        >
          {unseen === 1 ? "1 new message" : `${unseen} new messages`}
        </Button>
      )}
      <p role="status" className="sr-only">
        {unseen > 0 ? `${unseen} new messages` : ""}
      </p>
    </div>
  );
}

const LONG = 2_500;
const MANY_LINES = 40;

function MessageView({
  ticket,
  message,
  arrives,
  files,
  citations,
  byAi,
}: {
  ticket: Ticket;
  message: Message;
  arrives: boolean;
  files: readonly TicketFile[];
  citations: readonly Citation[];
  byAi: string | null;
}) {
  const [asMail, setAsMail] = useState(false);
  const { direction, author, state } = message;
  const isNote = direction === "note";
  const isOurs = direction === "outbound";
  const isAi = isOurs && author === null;
  const who = isNote || isOurs ? (author === null ? (byAi ?? "AI agent") : nameOf(author)) : (ticket.customer?.email ?? "Customer");
  return (
    <li
      className={cx(
        "flex max-w-[min(46rem,94%)] flex-col gap-1 rounded-lg",
        (isOurs || isNote) && "self-end",
        arrives && "animate-arrive",
      )}
    >
      <p className={cx("flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted", (isOurs || isNote) && "justify-end")}>
        {isAi && <Bot aria-hidden="true" className="size-3.5" />}
        {isNote && <Lock aria-hidden="true" className="size-3.5" />}
        <span className="font-medium text-ink wrap-anywhere">{who}</span>
        {isNote && <span>internal note</span>}
        {message.verified === false && <Badge tone="warn">not proven to be the customer</Badge>}
        {message.saidOn !== null && (
          <span>
            on{" "}
            <Link to="/tickets/$id" params={{ id: message.saidOn }} className="text-accent hover:underline">
              {shortId(message.saidOn)}
            </Link>
          </span>
        )}
        <Time at={message.at} />
      </p>
      <div
        className={cx(
          "min-w-0 self-stretch rounded-lg border px-3 py-2",
          isNote ? "border-dashed border-line-strong bg-warn-soft" : isOurs ? "border-transparent bg-accent-soft" : "border-line bg-surface",
        )}
      >
        {asMail ? <MailFrame ticketId={ticket.id} messageId={message.id} /> : <Body text={message.text} />}
        {files.length > 0 && <FileList ticketId={ticket.id} files={files} />}
        {citations.length > 0 && <Citations citations={citations} />}
      </div>
      <div className={cx("flex flex-wrap items-center gap-2", (isOurs || isNote) && "justify-end")}>
        {message.hasHtml && (
          <Button size="small" look="quiet" aria-expanded={asMail} onClick={() => setAsMail(!asMail)}>
            {asMail ? "Show the text" : "Show the mail as it was sent"}
          </Button>
        )}
        {isOurs && <Delivery ticketId={ticket.id} messageId={message.id} state={state} />}
      </div>
    </li>
  );
}

/** As text only, whatever it holds. */
function Body({ text: said }: { text: string }) {
  const isLong = said.length > LONG || said.split("\n", MANY_LINES + 1).length > MANY_LINES;
  const [open, setOpen] = useState(!isLong);
  return (
    <>
      <div className={cx("text-base wrap-anywhere whitespace-pre-wrap", !open && "line-clamp-[24]")}>{said}</div>
      {isLong && (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="mt-1 rounded text-xs font-medium text-accent hover:underline"
        >
          {open ? "Show less" : "Show all of it"}
        </button>
      )}
    </>
  );
}

function Citations({ citations }: { citations: readonly Citation[] }) {
  return (
    <details className="mt-2 border-t border-line pt-2 text-xs">
      <summary className="rounded text-muted">
        Rests on {citations.map(({ title }) => title).filter((title, index, all) => all.indexOf(title) === index).join(", ")}
      </summary>
      <ul role="list" aria-label="Passages of the knowledge base" className="mt-2 flex flex-col gap-2">
        {citations.map(({ article, title, passage }, index) => (
          <li key={`${article} ${index}`} className="border-l-2 border-line-strong pl-2">
            <span className="font-medium">{title}</span> <span className="text-muted">{article}</span>
            <p className="text-muted wrap-anywhere whitespace-pre-wrap">{passage}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What became of a message to the customer; why, and another try, where it did not leave. */
function Delivery({ ticketId, messageId, state }: { ticketId: string; messageId: string; state: string }) {
  const api = useApi();
  const queries = useQueryClient();
  const mayWork = useHasRole("agent");
  const troubled = state === "failed" || state === "pending";
  const mails = useQuery({
    queryKey: ["ticket", ticketId, "emails"],
    queryFn: async ({ signal }) => itemsOf((await api.get(`${ticketPath(ticketId)}/emails`, signal)).body),
    enabled: troubled && mayWork,
    retry: false,
  });
  const mail = mails.data?.find((each) => each["message_id"] === messageId);
  const error = mail === undefined ? null : text(mail["error"]);
  const again = useMutation({
    mutationFn: () => api.post(`${ticketPath(ticketId)}/emails/${encodeURIComponent(messageId)}/retry`),
    onSettled: () => queries.invalidateQueries({ queryKey: ["ticket", ticketId] }),
  });
  return (
    <div className="flex max-w-full flex-col items-end gap-1">
      <span className="flex items-center gap-2">
        <StatusBadge status={state} />
        {state === "failed" && mayWork && mail !== undefined && (
          <Button size="small" icon={RotateCcw} disabled={again.isPending} onClick={() => again.mutate()}>
            {again.isPending ? "Sending…" : "Send again"}
          </Button>
        )}
      </span>
      {troubled && error !== null && <p className={cx("text-xs wrap-anywhere", state === "failed" ? "text-bad" : "text-muted")}>{error}</p>}
      {again.isError && <Problem>{wordsOf(again.error)}</Problem>}
    </div>
  );
}

/** Files name their message; those without one stand with the first. */
function filesOf(message: Message, all: readonly Message[], files: readonly TicketFile[]): readonly TicketFile[] {
  const isFirst = all[0] === message;
  return files.filter(
    ({ id, messageId }) =>
      messageId === message.id || message.files.includes(id) || (isFirst && !all.some((each) => each.id === messageId)),
  );
}

/** By the text that rests on them: the timeline says what was drafted, and it is sent as it was drafted. */
function citationsOf(timeline: readonly Entry[]): ReadonlyMap<string, readonly Citation[]> {
  const found = new Map<string, readonly Citation[]>();
  for (const { event, data } of timeline) {
    const said = text(data["text"]);
    if (event === "reply_drafted" && said !== null) {
      found.set(
        said,
        objects(data["citations"]).map((each) => ({
          article: text(each["article_id"]) ?? "",
          title: text(each["title"]) ?? "a passage",
          passage: text(each["passage"]) ?? text(each["quote"]) ?? text(each["text"]) ?? "",
        })),
      );
    }
  }
  return found;
}

/** Which AI employee drafted a text, where the timeline says so. */
function draftsOf(timeline: readonly Entry[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let employee: string | null = null;
  for (const { event, actor, data } of timeline) {
    employee = text(data["ai_employee"]) ?? (actor.startsWith("ai:") ? nameOf(actor) : employee);
    const said = text(data["text"]);
    if (event === "reply_drafted" && said !== null && employee !== null) {
      found.set(said, words(employee));
    }
  }
  return found;
}
