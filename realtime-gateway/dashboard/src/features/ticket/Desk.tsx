import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { ChevronDown, CircleAlert, CircleCheck, GitMerge, Lock, RotateCcw } from "lucide-react";
import { useApi } from "../../lib/api";
import { useCommands, type Command } from "../../lib/commands";
import { shortId, words } from "../../lib/format";
import { itemsOf, text } from "../../lib/json";
import { Button } from "../../ui/Button";
import { Combobox } from "../../ui/Combobox";
import { ConfirmDialog } from "../../ui/Dialog";
import { TextArea, type Option } from "../../ui/Field";
import { DropdownMenu, MenuItem, MenuSeparator } from "../../ui/Menu";
import { useToast } from "../../ui/Toast";
import { mayMerge, mayRetry, settable, type Ticket } from "./ticket";
import { useDesk, type Change } from "./useDesk";

type Deed = "resolved" | "escalated" | "closed" | "retry" | "merge";

interface Dialog {
  readonly menu: string;
  readonly icon: typeof Lock;
  readonly title: string;
  readonly description: string;
  readonly confirm: string;
  readonly done: string;
  readonly danger?: boolean;
}

const DEEDS: Readonly<Record<Deed, Dialog>> = {
  resolved: {
    menu: "Resolve",
    icon: CircleCheck,
    title: "Resolve the ticket",
    description: "It is answered. The customer's next message opens it again.",
    confirm: "Resolve",
    done: "Ticket resolved",
  },
  escalated: {
    menu: "Take over from the agent",
    icon: CircleAlert,
    title: "Take the ticket over",
    description: "A person has it from now on; a run of the agent that has not proposed anything ends.",
    confirm: "Take over",
    done: "A person has the ticket",
  },
  closed: {
    menu: "Close for good",
    icon: Lock,
    title: "Close the ticket",
    description: "It stays closed: what the customer writes then is a new ticket, linked to this one.",
    confirm: "Close",
    done: "Ticket closed",
    danger: true,
  },
  retry: {
    menu: "Give to the agent again",
    icon: RotateCcw,
    title: "Give the ticket to the agent again",
    description: "Another run begins. It knows the whole conversation, and does nothing twice that was done.",
    confirm: "Run again",
    done: "The agent works on it again",
  },
  merge: {
    menu: "Merge into another ticket",
    icon: GitMerge,
    title: "Merge into another ticket",
    description: "This one is closed; the other shows its messages, and gets its customer's later ones. It cannot be undone.",
    confirm: "Merge",
    done: "Ticket merged",
    danger: true,
  },
};

/** What can be done about the whole ticket, in its status. */
export function DeskMenu({ ticket }: { ticket: Ticket }) {
  const [deed, setDeed] = useState<Deed | null>(null);
  const offered = useMemo(() => offeredFor(ticket), [ticket]);
  useCommands(
    useMemo(
      () =>
        offered.map(
          (each): Command => ({
            id: `ticket.${each}`,
            title: DEEDS[each].menu,
            group: "Ticket",
            icon: DEEDS[each].icon,
            run: () => setDeed(each),
          }),
        ),
      [offered],
    ),
  );
  const [first, ...rest] = offered;
  if (first === undefined) {
    return null;
  }
  return (
    <>
      <div className="flex">
        <Button icon={DEEDS[first].icon} className={rest.length > 0 ? "rounded-r-none border-r-0" : ""} onClick={() => setDeed(first)}>
          {DEEDS[first].menu}
        </Button>
        {rest.length > 0 && (
          <DropdownMenu
            label="More to do with the ticket"
            trigger={
              <button
                type="button"
                aria-label="More to do with the ticket"
                className="inline-flex h-8 w-8 items-center justify-center rounded-md rounded-l-none border border-line bg-surface hover:bg-raised pointer-coarse:size-10"
              >
                <ChevronDown aria-hidden="true" className="size-4" />
              </button>
            }
          >
            {rest.map((each) => (
              <MoreItem key={each} deed={each} onSelect={() => setDeed(each)} separated={each === "merge"} />
            ))}
          </DropdownMenu>
        )}
      </div>
      {deed !== null && <DeedDialog key={deed} ticket={ticket} deed={deed} onClose={() => setDeed(null)} />}
    </>
  );
}

function MoreItem({ deed, separated, onSelect }: { deed: Deed; separated: boolean; onSelect: () => void }) {
  const { icon, menu, danger = false } = DEEDS[deed];
  return (
    <>
      {separated && <MenuSeparator />}
      <MenuItem icon={icon} danger={danger} onSelect={onSelect}>
        {menu}
      </MenuItem>
    </>
  );
}

/** The likeliest first. */
function offeredFor(ticket: Ticket): readonly Deed[] {
  const offered: Deed[] = [];
  if (ticket.status === "failed") {
    offered.push("retry");
  }
  offered.push(...settable(ticket.status));
  if (mayRetry(ticket.status) && ticket.status !== "failed") {
    offered.push("retry");
  }
  if (mayMerge(ticket)) {
    offered.push("merge");
  }
  return offered;
}

function DeedDialog({ ticket, deed, onClose }: { ticket: Ticket; deed: Deed; onClose: () => void }) {
  const { title, description, confirm, danger = false, done } = DEEDS[deed];
  const desk = useDesk(ticket);
  const toast = useToast();
  const [reason, setReason] = useState("");
  const [into, setInto] = useState<string | null>(null);
  const change = (): Change => {
    const because = reason.trim() === "" ? {} : { reason: reason.trim() };
    switch (deed) {
      case "retry":
        return { method: "POST", path: "/retry", body: because };
      case "merge":
        return { method: "POST", path: "/merge", body: { into, ...because } };
      default:
        return { method: "POST", path: "/status", body: { status: deed, ...because } };
    }
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={title}
      description={description}
      confirm={confirm}
      danger={danger}
      onConfirm={async () => {
        if (deed === "merge" && into === null) {
          throw new Error("Choose the ticket that it becomes part of.");
        }
        await desk.mutateAsync(change());
        toast({ tone: "good", title: done });
      }}
    >
      {deed === "merge" && <Target ticket={ticket} value={into} onChange={setInto} />}
      <TextArea
        label="Reason (optional)"
        rows={2}
        maxLength={2_000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </ConfirmDialog>
  );
}

/** The customer's own tickets first; any other by its words. */
function Target({ ticket, value, onChange }: { ticket: Ticket; value: string | null; onChange: (id: string) => void }) {
  const api = useApi();
  const [typed, setTyped] = useState("");
  const wanted = typed.trim();
  const query =
    wanted === "" && ticket.customer !== null
      ? `customer_id=${encodeURIComponent(ticket.customer.id)}`
      : `q=${encodeURIComponent(wanted)}`;
  const found = useQuery({
    queryKey: ["tickets", "to merge into", query],
    queryFn: async ({ signal }) => itemsOf((await api.get(`/api/v1/tickets?limit=20&${query}`, signal)).body),
    placeholderData: (before) => before,
  });
  const options: Option[] = (found.data ?? []).flatMap((each) => {
    const id = text(each["ticket_id"]);
    const status = text(each["status"]) ?? "";
    return id === null || id === ticket.id || status === "closed"
      ? []
      : [{ value: id, label: `${text(each["subject"]) ?? "(no subject)"} · ${words(status)} · ${shortId(id)}` }];
  });
  return (
    <Combobox
      label="Into"
      value={value}
      options={options}
      placeholder="Choose a ticket"
      emptyText={found.isError ? "Tickets cannot be searched now." : "No other open ticket was found."}
      onSearch={setTyped}
      onChange={onChange}
    />
  );
}
