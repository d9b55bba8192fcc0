import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PanelLeftClose, PanelLeftOpen, Plus, X } from "lucide-react";
import { useState } from "react";
import { Dialog as Primitive } from "radix-ui";
import { pauseOf, pendingApprovals } from "../parts/approval/approvals";
import { useApi } from "../lib/api";
import { cx } from "../lib/cx";
import { useHasRole } from "../lib/session";
import { useStandstill } from "../lib/standstill";
import { IconButton } from "../ui/Button";
import { useFocusReturn } from "../ui/focusReturn";
import mark from "../ui/mark.svg";
import { Tooltip } from "../ui/Tooltip";
import { PAGES } from "./pages";

const KEY = "opsrelay.sidebar";

/** The pages, at the left; folded to icons where somebody wants the room. */
export function Sidebar() {
  const [folded, setFolded] = useState(() => {
    try {
      return localStorage.getItem(KEY) === "folded";
    } catch {
      return false;
    }
  });
  const toggle = () => {
    setFolded(!folded);
    try {
      localStorage.setItem(KEY, folded ? "open" : "folded");
    } catch {
      // it then holds until the page is left
    }
  };
  return (
    <div
      className={cx(
        "hidden shrink-0 flex-col border-r border-line bg-surface md:flex",
        folded ? "w-14" : "w-55",
      )}
    >
      <div className={cx("flex h-12 items-center gap-2", folded ? "justify-center" : "px-4")}>
        <img src={mark} alt="" className="size-6" />
        {!folded && <span className="text-sm font-semibold">OpsRelay</span>}
      </div>
      <Pages folded={folded} />
      <div className={cx("border-t border-line p-2", folded && "flex justify-center")}>
        <IconButton
          label={folded ? "Unfold the sidebar" : "Fold the sidebar"}
          aria-expanded={!folded}
          icon={folded ? PanelLeftOpen : PanelLeftClose}
          onClick={toggle}
        />
      </div>
    </div>
  );
}

/** The same on a phone, over the page. */
export function Drawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { opened, closed } = useFocusReturn();
  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-appear bg-shade md:hidden" />
        <Primitive.Content
          aria-describedby={undefined}
          onCloseAutoFocus={closed}
          onOpenAutoFocus={(event) => {
            opened();
            event.preventDefault(); // its first button is the one that closes it
            (event.currentTarget as HTMLElement).focus();
          }}
          className="fixed inset-y-0 left-0 z-40 flex w-64 animate-appear flex-col border-r border-line bg-surface shadow-overlay outline-none md:hidden"
        >
          <div className="flex h-12 items-center gap-2 pr-2 pl-4">
            <img src={mark} alt="" className="size-6" />
            <Primitive.Title className="flex-1 text-sm font-semibold">OpsRelay</Primitive.Title>
            <IconButton label="Close the menu" icon={X} onClick={onClose} />
          </div>
          <Pages folded={false} onNavigate={onClose} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Pages({ folded, onNavigate }: { folded: boolean; onNavigate?: () => void }) {
  const waiting = useWaitingApprovals();
  const mayCreate = useHasRole("agent");
  return (
    <nav aria-label="Pages" className="flex min-h-0 flex-1 flex-col gap-0.5 overflow-y-auto p-2">
      {mayCreate && (
        <Item folded={folded} name="New ticket">
          <Link to="/tickets/new" onClick={onNavigate} aria-label={folded ? "New ticket" : undefined} className={cx(ITEM, "mb-2 border border-line text-ink", folded && "justify-center px-0")}>
            <Plus aria-hidden="true" className="size-4 shrink-0" />
            {!folded && "New ticket"}
          </Link>
        </Item>
      )}
      {PAGES.map(({ to, name, icon: Icon }) => {
        const count = to === "/approvals" ? waiting : 0;
        return (
          <Item key={to} folded={folded} name={name}>
            <Link
              to={to}
              onClick={onNavigate}
              activeOptions={{ exact: to === "/", includeSearch: false }}
              activeProps={{ className: "bg-accent-soft font-medium text-accent" }}
              inactiveProps={{ className: "text-muted hover:bg-raised hover:text-ink" }}
              aria-label={folded ? name : undefined}
              className={cx(ITEM, folded && "relative justify-center px-0")}
            >
              <Icon aria-hidden="true" className="size-4 shrink-0" />
              {!folded && <span className="min-w-0 flex-1 truncate">{name}</span>}
              {count > 0 && (
                <span
                  className={cx(
                    "rounded-full bg-warn-soft px-1.5 text-xs font-medium text-warn tabular-nums",
                    folded && "absolute -top-0.5 right-0",
                  )}
                >
                  {count}
                  <span className="sr-only"> waiting</span>
                </span>
              )}
            </Link>
          </Item>
        );
      })}
    </nav>
  );
}

const ITEM = "flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm -outline-offset-2 pointer-coarse:h-10";

function Item({ folded, name, children }: { folded: boolean; name: string; children: React.ReactElement }) {
  return folded ? (
    <Tooltip text={name} side="right">
      {children}
    </Tooltip>
  ) : (
    children
  );
}

/** How often what waits is read while the stream is open and has nothing to tell, in milliseconds. */
const STANDSTILL_POLL_MS = 3_000;

/** Read again by the frame whenever the stream says so. */
function useWaitingApprovals(): number {
  const api = useApi();
  const mayRead = useHasRole("viewer", "agent", "approver", "sre");
  const standstill = useStandstill();
  const pending = useQuery({
    ...pendingApprovals(api),
    enabled: mayRead,
    refetchInterval: ({ state }) => standstill !== null && Math.max(STANDSTILL_POLL_MS, pauseOf(state.data)),
  });
  return pending.data?.approvals.length ?? 0;
}
