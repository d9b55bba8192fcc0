import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { CircleUserRound, Keyboard, LogOut, Menu, RefreshCw, Search } from "lucide-react";
import { phase } from "realtime-client";
import { useConnection, useRealtimeClient } from "realtime-client/react";
import { useAllCommands } from "../lib/commands";
import { usePerson } from "../lib/session";
import { setTheme, useTheme, type Theme } from "../lib/theme";
import { StatusPill } from "../parts/connection/StatusPill";
import { Button, IconButton } from "../ui/Button";
import { KeyHint } from "../ui/KeyHint";
import { DropdownMenu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "../ui/Menu";
import { useToast } from "../ui/Toast";
import { messageOf } from "../lib/problem";
import { useSessions } from "./context";

const THEMES: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "As the device" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

export function TopBar({ onMenu, onSearch }: { onMenu: () => void; onSearch: () => void }) {
  const realtime = useRealtimeClient();
  const current = phase(useConnection(realtime));
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-surface px-2 md:px-4">
      <IconButton label="Open the menu" icon={Menu} className="md:hidden" onClick={onMenu} />
      <button
        type="button"
        onClick={onSearch}
        aria-keyshortcuts={isApple() ? "Meta+K" : "Control+K"}
        className="flex h-8 min-w-0 items-center gap-2 rounded-md border border-line px-2.5 text-sm text-muted hover:bg-raised sm:w-64 pointer-coarse:h-10"
      >
        <Search aria-hidden="true" className="size-4 shrink-0" />
        <span className="sr-only flex-1 truncate text-left sm:not-sr-only">Search and commands</span>
        <span aria-hidden="true" className="hidden sm:inline">
          <KeyHint keys={isApple() ? "⌘K" : "Ctrl+K"} />
        </span>
      </button>
      <div className="flex-1" />
      <StatusPill current={current} realtime={realtime} />
      <RefreshButton />
      <ClientName />
      <PersonMenu />
    </header>
  );
}

/** By itself, since while events pour in something is read again and again. */
function RefreshButton() {
  const realtime = useRealtimeClient();
  const queries = useQueryClient();
  const reading = useIsFetching() > 0;
  return (
    <IconButton
      label="Refresh"
      icon={RefreshCw}
      // What is read at once is not worth the movement.
      iconClassName={reading ? "animate-breathe [animation-delay:400ms]" : ""}
      onClick={() => {
        realtime.retryNow();
        void queries.invalidateQueries();
      }}
    />
  );
}

function ClientName() {
  const { clientId, clients } = usePerson();
  const sessions = useSessions();
  const toast = useToast();
  if (clientId === null) {
    return null;
  }
  if (clients.length < 2) {
    return (
      <span className="hidden max-w-40 truncate px-1 text-sm font-medium sm:inline" title="The client you work for">
        {clientId}
      </span>
    );
  }
  const change = (chosen: string) => {
    sessions.switchClient(chosen).catch((failure: unknown) => {
      toast({ title: "The client was not changed", detail: messageOf(failure), tone: "bad" });
    });
  };
  return (
    <DropdownMenu label="Client" trigger={<ClientButton clientId={clientId} />}>
      <MenuLabel>Work for</MenuLabel>
      <MenuChoice
        value={clientId}
        options={clients.map((each) => ({ value: each, label: each }))}
        onChange={change}
      />
    </DropdownMenu>
  );
}

/** Passes on what the menu gives its trigger. A long name gives way to the rest of the bar. */
function ClientButton({ clientId, ...rest }: { clientId: string }) {
  return (
    <Button {...rest} look="quiet" title={clientId} aria-label={`Client ${clientId}`} className="max-w-48 min-w-0 shrink!">
      <span className="truncate">{clientId}</span>
    </Button>
  );
}

function PersonMenu() {
  const { user, roles, clientId } = usePerson();
  const sessions = useSessions();
  const theme = useTheme();
  const help = useAllCommands().find(({ id }) => id === "frame.help");
  return (
    <DropdownMenu label="You" trigger={<IconButton label="You" icon={CircleUserRound} />}>
      <MenuLabel>
        <span className="block max-w-56 truncate text-sm text-ink">{user}</span>
        <span className="block">{[clientId, ...roles].filter(Boolean).join(" · ")}</span>
      </MenuLabel>
      <MenuSeparator />
      <MenuLabel>Theme</MenuLabel>
      <MenuChoice value={theme} options={THEMES} onChange={(value) => setTheme(value as Theme)} />
      <MenuSeparator />
      {help !== undefined && (
        <MenuItem icon={Keyboard} onSelect={help.run}>
          Keys
        </MenuItem>
      )}
      <MenuItem icon={LogOut} onSelect={() => sessions.signOut()}>
        Sign out
      </MenuItem>
    </DropdownMenu>
  );
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
