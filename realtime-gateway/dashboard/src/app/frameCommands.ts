import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Keyboard, LogOut, Moon, Plus, RefreshCw, Sun, SunMoon } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { useCommands, type Command } from "../lib/commands";
import { useHasRole } from "../lib/session";
import { setTheme } from "../lib/theme";
import { useSessions } from "./context";
import { PAGES } from "./pages";

/** What can be done from every page. */
export function useFrameCommands({ onHelp }: { onHelp: () => void }): void {
  const navigate = useNavigate();
  const sessions = useSessions();
  const queries = useQueryClient();
  const mayCreate = useHasRole("agent");
  const help = useRef(onHelp);
  useEffect(() => {
    help.current = onHelp;
  });
  useCommands(
    useMemo((): Command[] => {
      return [
        ...PAGES.map(({ to, name, icon, key }) => ({
          id: `go ${to}`,
          title: `Go to ${name}`,
          group: "Pages",
          keys: `g ${key}`,
          icon,
          run: () => void navigate({ to }),
        })),
        ...(mayCreate
          ? [
              {
                id: "frame.new",
                title: "New ticket",
                group: "Actions",
                keys: "n",
                icon: Plus,
                run: () => void navigate({ to: "/tickets/new" }),
              },
            ]
          : []),
        {
          id: "frame.refresh",
          title: "Refresh",
          group: "Actions",
          keys: "r",
          icon: RefreshCw,
          run: () => void queries.invalidateQueries(),
        },
        { id: "theme light", title: "Theme: light", group: "Frame", icon: Sun, run: () => setTheme("light") },
        { id: "theme dark", title: "Theme: dark", group: "Frame", icon: Moon, run: () => setTheme("dark") },
        { id: "theme system", title: "Theme: as the device", group: "Frame", icon: SunMoon, run: () => setTheme("system") },
        { id: "frame.help", title: "Show the keys", group: "Frame", keys: "?", icon: Keyboard, run: () => help.current() },
        { id: "frame.leave", title: "Sign out", group: "Frame", icon: LogOut, run: () => sessions.signOut() },
      ];
    }, [navigate, sessions, queries, mayCreate]),
    { yields: true },
  );
}
