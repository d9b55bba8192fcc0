import { Link } from "@tanstack/react-router";
import { Command } from "cmdk";
import { MessageSquareText } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import { words } from "../../lib/format";
import { useHasRole } from "../../lib/session";
import { useList } from "../../lib/useView";
import { Badge } from "../../ui/Badge";
import { IconButton } from "../../ui/Button";
import { SkeletonRows } from "../../ui/States";
import { cannedOf, offered, type CannedReply } from "./canned";
import { PartFailed } from "../../ui/PartFailed";
import type { Ticket } from "./ticket";

/** A list of canned replies above the field: type to narrow it down, Enter puts one in. */
export function CannedPicker({
  ticket,
  open,
  disabled,
  onOpen,
  onChoose,
  onLeft,
}: {
  ticket: Ticket;
  open: boolean;
  disabled: boolean;
  onOpen: (open: boolean) => void;
  onChoose: (reply: CannedReply) => void;
  /** The focus is to go where one was writing. */
  onLeft: () => void;
}) {
  return (
    <Popover.Root open={open && !disabled} onOpenChange={onOpen}>
      <Popover.Anchor asChild>
        <span className="inline-flex">
          <IconButton
            label="Insert a canned reply"
            icon={MessageSquareText}
            aria-haspopup="dialog"
            aria-expanded={open}
            aria-keyshortcuts="Control+."
            disabled={disabled}
            onClick={() => onOpen(!open)}
          />
        </span>
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Canned replies"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onLeft();
          }}
          className="z-50 w-[min(28rem,calc(100vw-1rem))] rounded-md border border-line bg-surface shadow-overlay animate-appear"
        >
          <Choices ticket={ticket} onChoose={onChoose} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Choices({ ticket, onChoose }: { ticket: Ticket; onChoose: (reply: CannedReply) => void }) {
  const list = useList(["canned-replies"], "/api/v1/canned-replies", cannedOf);
  const [typed, setTyped] = useState("");
  const isAdmin = useHasRole("admin");
  const replies = list.data ?? [];
  return (
    <Command label="Canned replies" shouldFilter={false}>
      <Command.Input
        autoFocus
        placeholder="Search canned replies"
        value={typed}
        onValueChange={setTyped}
        className="w-full border-b border-line bg-transparent px-2.5 py-2 text-sm outline-none placeholder:text-muted pointer-coarse:text-base"
      />
      <Command.List className="max-h-[min(20rem,50dvh)] overflow-y-auto p-1">
        {list.data === undefined ? (
          list.error === null ? (
            <SkeletonRows rows={3} />
          ) : (
            <PartFailed error={list.error} onRetry={list.refresh} />
          )
        ) : (
          <Command.Empty className="px-2 py-3 text-sm text-muted">
            {replies.length > 0 ? (
              "No canned reply has these words."
            ) : isAdmin ? (
              <>
                There are no canned replies yet.{" "}
                <Link to="/settings/$section" params={{ section: "canned-replies" }} className="text-accent hover:underline">
                  Write one
                </Link>
              </>
            ) : (
              "There are no canned replies yet. An administrator writes them in the settings."
            )}
          </Command.Empty>
        )}
        {offered(replies, typed, ticket).map((reply) => (
          <Command.Item
            key={reply.id}
            value={reply.id}
            onSelect={() => onChoose(reply)}
            className="flex cursor-pointer flex-col gap-0.5 rounded px-2 py-1.5 text-sm data-[selected=true]:bg-raised"
          >
            <span className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate font-medium">{reply.name}</span>
              {reply.category !== null && <Badge>{words(reply.category)}</Badge>}
              {reply.language !== null && <Badge>{reply.language.toUpperCase()}</Badge>}
            </span>
            <span className="line-clamp-2 text-xs text-muted wrap-anywhere">{reply.text}</span>
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}
