import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ChevronRight, CornerUpLeft, FileUp } from "lucide-react";
import { useApi } from "../../lib/api";
import { useCommands } from "../../lib/commands";
import { shortId } from "../../lib/format";
import { itemsOf, text } from "../../lib/json";
import { messageOf } from "../../lib/problem";
import { useHasRole } from "../../lib/session";
import { useMedia } from "../../lib/useMedia";
import { read, useView } from "../../lib/useView";
import { TicketActions } from "../../parts/action/TicketActions";
import { AgentWork } from "../../parts/agent/AgentWork";
import { LeaveGuard } from "../../parts/LeaveGuard";
import { Related } from "../../parts/related/Related";
import { StatusBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { CopyId } from "../../ui/CopyId";
import { Page, PageHeader } from "../../ui/Page";
import { Panel } from "../../ui/Panel";
import { Steps, type Step } from "../../ui/Progress";
import { useChanged } from "../../ui/Stat";
import { ErrorState, Skeleton } from "../../ui/States";
import { TabPanel, Tabs } from "../../ui/Tabs";
import { Age } from "../../ui/Time";
import { useToast } from "../../ui/Toast";
import { WaitingApprovals } from "./ApprovalBox";
import { Conversation } from "./Conversation";
import { CustomerPanel } from "./Customer";
import { DeskMenu } from "./Desk";
import { FileList } from "./Files";
import { PartFailed } from "../../ui/PartFailed";
import { Properties } from "./Properties";
import { RedactionsPanel } from "./Redactions";
import { readTicket } from "./readTicket";
import { ReplyBox, type Writing } from "./ReplyBox";
import type { EntryKind, TicketTab } from "./search";
import { fileOf, isAtWork, ticketPath, type Entry, type Message, type Ticket, type TicketFile } from "./ticket";
import { Timeline } from "./Timeline";
import { useDraft } from "./useDraft";
import { workflowOf } from "./workflow";

const route = getRouteApi("/shell/tickets/$id");

function TicketPage() {
  const { id } = route.useParams();
  // Nothing of one ticket, least of all what is being written, may stand under another.
  return <TicketOf key={id} id={id} />;
}

function TicketOf({ id }: { id: string }) {
  const queries = useQueryClient();
  const known = queries.getQueryData<Ticket | null>(["ticket", id]);
  const view = useView(["ticket", id], (api, signal) => readTicket(api, id, signal), {
    live: [`ticket:${id}`],
    pollWhenNotLive: known != null && !isAtWork(known.status) ? 30_000 : 3_000,
  });
  // While another is read the view holds the one before.
  const ticket = view.data?.id === id ? view.data : undefined;
  const version = ticket?.version;
  useEffect(() => {
    // Each change of the ticket is a step of whoever works on it.
    if (version !== undefined) {
      void queries.invalidateQueries({ queryKey: ["agent", "runs", id] });
    }
  }, [queries, id, version]);
  if (ticket === undefined) {
    return (
      <Page>
        <PageHeader title="Ticket" actions={<CopyId id={id} name="ticket id" />} />
        {view.error === null ? <Loading /> : <ErrorState error={view.error} onRetry={view.refresh} />}
      </Page>
    );
  }
  return <Loaded ticket={ticket} at={view.at} />;
}

function Loading() {
  return (
    <div role="status" aria-label="Loading" className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="flex flex-col gap-4">
        <Skeleton className="h-11 w-full rounded-lg" />
        <Skeleton className="h-96 w-full rounded-lg" />
      </div>
      <div className="flex flex-col gap-4 max-lg:hidden">
        <Skeleton className="h-72 w-full rounded-lg" />
        <Skeleton className="h-40 w-full rounded-lg" />
      </div>
    </div>
  );
}

function Loaded({ ticket, at }: { ticket: Ticket; at: number }) {
  const search = route.useSearch() as { tab?: TicketTab; kind?: EntryKind };
  const navigate = route.useNavigate();
  const isWide = useMedia("(min-width: 64rem)");
  const mayWork = useHasRole("agent");
  const [writing, setWriting] = useDraft(ticket.id);
  const [picking, setPicking] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const wanted = search.tab ?? "conversation";
  const tab: TicketTab = isWide && wanted === "details" ? "conversation" : wanted;
  const flashes = useChanged(ticket.status);
  const steps = useMemo(() => workflowOf(ticket, ticket.timeline), [ticket]);
  const files = useView(
    ["ticket", ticket.id, "files"],
    read(`${ticketPath(ticket.id)}/attachments`, ({ body }) => itemsOf(body).flatMap((item) => fileOf(item) ?? [])),
    { live: [`ticket:${ticket.id}`] },
  );
  const draft = mayWork ? unsentDraft(ticket) : null;

  const show = useCallback(
    (next: TicketTab) =>
      void navigate({
        search: (before) => ({ ...before, tab: next === "conversation" ? undefined : next }),
        replace: true,
      }),
    [navigate],
  );
  const write = useCallback(
    (part: Partial<Writing>) => {
      setWriting((before) => ({ ...before, ...part, attempt: null }));
      show("conversation");
      // Where another tab was open the field comes with the next painting.
      requestAnimationFrame(() => field.current?.focus());
    },
    [show, setWriting],
  );
  useCommands(
    useMemo(
      () => [
        ...(mayWork
          ? [
              { id: "ticket.reply", title: "Reply to the customer", group: "Ticket", keys: "m", run: () => write({ internal: false }) },
              { id: "ticket.note", title: "Write an internal note", group: "Ticket", keys: "i", run: () => write({ internal: true }) },
              {
                id: "ticket.canned",
                title: "Insert a canned reply",
                group: "Ticket",
                keys: "c",
                run: () => {
                  show("conversation");
                  setPicking(true);
                },
              },
            ]
          : []),
        { id: "ticket.conversation", title: "Show the conversation", group: "Ticket", keys: "v c", run: () => show("conversation") },
        { id: "ticket.timeline", title: "Show the timeline", group: "Ticket", keys: "v t", run: () => show("timeline") },
        { id: "ticket.agent", title: "Show the agent's work", group: "Ticket", keys: "v a", run: () => show("agent") },
      ],
      [mayWork, show, write],
    ),
  );

  const aside = <Aside ticket={ticket} files={files.data ?? []} filesError={files.error} onFilesAgain={files.refresh} />;
  return (
    <Page fill>
      <LeaveGuard when={writing.files.length > 0} lost="The files that you attached are not kept. What you wrote is." />
      <PageHeader
        title={ticket.subject ?? "(no subject)"}
        actions={
          <>
            <Age at={at} />
            <CopyId id={ticket.id} name="ticket id" />
            <span className={flashes ? "rounded animate-arrive" : "rounded"}>
              <StatusBadge status={ticket.status} />
            </span>
            {mayWork && <DeskMenu ticket={ticket} />}
          </>
        }
      >
        <Relations ticket={ticket} />
      </PageHeader>
      <div className="grid min-h-0 gap-4 lg:flex-1 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="-m-1 flex min-h-0 min-w-0 flex-col gap-4 p-1 lg:overflow-y-auto">
          <Progress steps={steps} />
          <WaitingApprovals ticketId={ticket.id} isWaiting={ticket.status === "awaiting_approval"} />
          <div className="flex flex-1 flex-col lg:min-h-96">
            <Tabs
              label="Parts of the ticket"
              value={tab}
              onChange={(value) => show(value as TicketTab)}
              tabs={[
                { value: "conversation", label: "Conversation", count: ticket.messages.length },
                { value: "timeline", label: "Timeline", count: ticket.timeline.length },
                { value: "agent", label: "Agent" },
                ...(isWide ? [] : [{ value: "details", label: "Details" }]),
              ]}
            >
              <TabPanel value="conversation">
                <Surface>
                  <Conversation ticket={ticket} files={files.data ?? []} />
                  {draft !== null && writing.text === "" && (
                    <div className="flex flex-wrap items-center gap-2 border-t border-line px-3 py-2 sm:flex-nowrap">
                      <p className="line-clamp-2 min-w-0 grow basis-60 text-muted">
                        <span className="font-medium text-ink">Draft of the agent, not sent:</span> {draft}
                      </p>
                      <Button size="small" icon={CornerUpLeft} onClick={() => write({ text: draft, internal: false })}>
                        Edit and send
                      </Button>
                    </div>
                  )}
                  {mayWork ? (
                    <ReplyBox ticket={ticket} writing={writing} onChange={(next) => setWriting(() => next)} field={field} picking={picking} onPicking={setPicking} />
                  ) : (
                    <p className="border-t border-line p-3 text-muted">You read along; agents answer.</p>
                  )}
                </Surface>
              </TabPanel>
              <TabPanel value="timeline">
                <Surface>
                  <Timeline
                    ticket={ticket}
                    kind={search.kind}
                    onKind={(kind) => void navigate({ search: (before) => ({ ...before, kind }), replace: true })}
                  />
                </Surface>
              </TabPanel>
              <TabPanel value="agent">
                <Surface>
                  <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto p-3">
                    <AgentWork ticketId={ticket.id} />
                    <Related runsOf={ticket.id} />
                    <TicketActions ticketId={ticket.id} isAtWork={isAtWork(ticket.status)} />
                  </div>
                </Surface>
              </TabPanel>
              {!isWide && (
                <TabPanel value="details">
                  <div className="flex flex-col gap-4">{aside}</div>
                </TabPanel>
              )}
            </Tabs>
          </div>
        </div>
        {isWide && (
          <aside aria-label="About the ticket" className="flex min-h-0 flex-col gap-4 overflow-y-auto pb-1">
            {aside}
          </aside>
        )}
      </div>
    </Page>
  );
}

/** On a phone only where it stands; the whole way when it is wanted. */
function Progress({ steps }: { steps: readonly Step[] }) {
  const isNarrow = !useMedia("(min-width: 40rem)");
  const at = steps.findLastIndex(({ state }) => state !== "waiting" && state !== "skipped");
  const now = steps[at];
  return (
    <div className="shrink-0 rounded-lg border border-line bg-surface px-3 py-2.5">
      {isNarrow && now !== undefined ? (
        <details className="group">
          <summary className="flex min-h-6 list-none items-center gap-2 rounded [&::-webkit-details-marker]:hidden">
            <ChevronRight aria-hidden="true" className="size-3.5 shrink-0 text-muted transition-transform group-open:rotate-90" />
            <span className="min-w-0 flex-1 truncate">
              <span className="font-medium">{now.name}</span>
              {now.detail !== undefined && <span className="text-muted"> {now.detail}</span>}
            </span>
            <span className="text-xs text-muted tabular-nums">
              {at + 1} of {steps.length}
            </span>
          </summary>
          <div className="pt-2">
            <Steps label="Progress" steps={steps} vertical />
          </div>
        </details>
      ) : (
        <Steps label="Progress" steps={steps} />
      )}
    </div>
  );
}

/** As high as there is room on a wide screen; bounded on a phone, so that the reply stays in reach. */
function Surface({ children }: { children: React.ReactNode }) {
  return (
    <div className="flex h-full min-h-80 flex-col overflow-hidden rounded-lg border border-line bg-surface max-lg:h-auto max-lg:max-h-[75dvh]">
      {children}
    </div>
  );
}

function Aside({
  ticket,
  files,
  filesError,
  onFilesAgain,
}: {
  ticket: Ticket;
  files: readonly TicketFile[];
  filesError: Error | null;
  onFilesAgain: () => void;
}) {
  const mayWork = useHasRole("agent");
  return (
    <>
      <Properties ticket={ticket} />
      {ticket.customer !== null && <CustomerPanel ticket={ticket} sender={ticket.customer} />}
      {mayWork && <RedactionsPanel ticketId={ticket.id} version={ticket.version} />}
      <FilesPanel ticketId={ticket.id} files={files} error={filesError} onAgain={onFilesAgain} />
    </>
  );
}

function FilesPanel({
  ticketId,
  files,
  error,
  onAgain,
}: {
  ticketId: string;
  files: readonly TicketFile[];
  error: Error | null;
  onAgain: () => void;
}) {
  const api = useApi();
  const queries = useQueryClient();
  const toast = useToast();
  const mayWork = useHasRole("agent");
  const picker = useRef<HTMLInputElement>(null);
  const add = useMutation({
    mutationFn: (chosen: readonly File[]) => api.upload(`${ticketPath(ticketId)}/attachments`, chosen),
    onSuccess: (_, chosen) => toast({ tone: "good", title: chosen.length === 1 ? "File added" : `${chosen.length} files added` }),
    onError: (failure) => toast({ tone: "bad", title: "Nothing was added", detail: messageOf(failure) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["ticket", ticketId, "files"] }),
  });
  if (files.length === 0 && error === null && !mayWork) {
    return null;
  }
  return (
    <Panel
      title="Files"
      count={files.length === 0 ? undefined : files.length}
      actions={
        mayWork && (
          <>
            <input
              ref={picker}
              type="file"
              multiple
              tabIndex={-1}
              aria-label="Files to add to the ticket"
              className="sr-only"
              onChange={(event) => {
                const chosen = [...(event.currentTarget.files ?? [])];
                event.currentTarget.value = "";
                if (chosen.length > 0) {
                  add.mutate(chosen);
                }
              }}
            />
            <Button size="small" icon={FileUp} className="ml-auto" disabled={add.isPending} onClick={() => picker.current?.click()}>
              {add.isPending ? "Sending…" : "Add"}
            </Button>
          </>
        )
      }
    >
      {error !== null && files.length === 0 ? (
        <PartFailed error={error} onRetry={onAgain} />
      ) : files.length === 0 ? (
        <p className="p-3 text-muted">No files.</p>
      ) : (
        <FileList ticketId={ticketId} files={files} className="p-3" />
      )}
    </Panel>
  );
}

/** Tickets that this one came from, went into or goes on in. */
function Relations({ ticket }: { ticket: Ticket }) {
  const relations: (readonly [string, readonly string[]])[] = [
    ["Merged into", ticket.mergedInto === null ? [] : [ticket.mergedInto]],
    ["Follows", ticket.reopenedFrom === null ? [] : [ticket.reopenedFrom]],
    ["Goes on in", ticket.continuedIn],
    ["Took in", ticket.merged],
  ];
  const shown = relations.filter(([, ids]) => ids.length > 0);
  return shown.length === 0 ? null : (
    <ul role="list" aria-label="Linked tickets" className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {shown.map(([name, ids]) => (
        <li key={name} className="flex flex-wrap gap-x-2">
          <span className="text-muted">{name}</span>
          {ids.map((id) => (
            <Link key={id} to="/tickets/$id" params={{ id }} title={id} className="font-mono text-accent hover:underline">
              {shortId(id)}
            </Link>
          ))}
        </li>
      ))}
    </ul>
  );
}

/** What the agent wrote last, if it was not said to the customer and nothing will say it by itself. */
function unsentDraft({ status, timeline, messages }: Ticket): string | null {
  if (isAtWork(status) || status === "closed") {
    return null;
  }
  const isDraft = ({ event, data }: Entry) => event === "reply_drafted" && text(data["text"]) !== null;
  const draft = timeline.findLast(isDraft);
  const said = draft === undefined ? null : text(draft.data["text"]);
  const wasSaid = ({ direction, text: told }: Message) => direction === "outbound" && told === said;
  const answeredSince = messages.some(({ direction, at }) => direction === "outbound" && (at ?? 0) > (draft?.at ?? 0));
  return said === null || messages.some(wasSaid) || answeredSince ? null : said;
}

export { TicketPage as Page };
