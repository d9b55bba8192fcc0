import { Link, useNavigate } from "@tanstack/react-router";
import { Bot, Inbox, ShieldCheck, Zap } from "lucide-react";
import { useMemo, useRef } from "react";
import { useCommands, type Command } from "../../lib/commands";
import { cx } from "../../lib/cx";

interface RelatedProps {
  /** Ids of what belongs to what is shown; null for what does not exist. */
  readonly ticket?: string | null;
  readonly approval?: string | null;
  /** Whether the approval is decided: it then stands in the history. */
  readonly isDecided?: boolean;
  readonly action?: string | null;
  /** The ticket whose runs of the agent belong here. */
  readonly runsOf?: string | null;
  /** Of several on a page one has the keys. */
  readonly hasKeys?: boolean;
  readonly className?: string;
}

const LINK = "rounded text-accent underline-offset-2 hover:underline";

/** Ticket, approval, action and run lead to each other: by links, and everywhere by the same keys. */
export function Related({ ticket = null, approval = null, isDecided = false, action = null, runsOf = null, hasKeys = true, className }: RelatedProps) {
  const navigate = useNavigate();
  const ways = useRef<HTMLDivElement>(null);
  useCommands(
    useMemo((): Command[] => {
      if (!hasKeys) {
        return [];
      }
      const inside = () => ways.current?.closest("[role=dialog]") ?? null;
      const way = (id: string, title: string, keys: string, icon: typeof Bot, run: () => void): Command => {
        return { id: `related.${id}`, title, group: "Related", keys, icon, inside, run };
      };
      return [
        ...(ticket === null
          ? []
          : [way("ticket", "Open its ticket", "v t", Inbox, () => void navigate({ to: "/tickets/$id", params: { id: ticket } }))]),
        ...(approval === null
          ? []
          : [way("approval", "Open its approval", "v p", ShieldCheck, () => void navigate({ to: "/approvals", search: searchOf(approval, isDecided) }))]),
        ...(action === null
          ? []
          : [way("action", "Open its action", "v o", Zap, () => void navigate({ to: "/operations", search: { id: action } }))]),
        ...(runsOf === null
          ? []
          : [way("runs", "Open the agent's runs", "v r", Bot, () => void navigate({ to: "/ai", search: { tab: "runs", ticket: runsOf } }))]),
      ];
    }, [ticket, approval, isDecided, action, runsOf, hasKeys, navigate]),
  );
  const keys = (shortcut: string) => (hasKeys ? { "aria-keyshortcuts": shortcut } : {});
  return (
    <div ref={ways} role="group" aria-label="Related" className={cx("flex flex-wrap gap-x-3 gap-y-1 empty:hidden", className)}>
      {ticket !== null && (
        <Link to="/tickets/$id" params={{ id: ticket }} className={LINK} {...keys("v t")}>
          Ticket
        </Link>
      )}
      {approval !== null && (
        <Link to="/approvals" search={searchOf(approval, isDecided)} className={LINK} {...keys("v p")}>
          Approval
        </Link>
      )}
      {action !== null && (
        <Link to="/operations" search={{ id: action }} className={LINK} {...keys("v o")}>
          Action
        </Link>
      )}
      {runsOf !== null && (
        <Link to="/ai" search={{ tab: "runs", ticket: runsOf }} className={LINK} {...keys("v r")}>
          Agent&apos;s runs
        </Link>
      )}
    </div>
  );
}

function searchOf(approval: string, isDecided: boolean) {
  return isDecided ? { tab: "history" as const, id: approval } : { id: approval };
}
