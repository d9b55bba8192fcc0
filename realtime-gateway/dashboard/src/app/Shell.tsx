import { Outlet } from "@tanstack/react-router";
import { useState } from "react";
import { useCommandKeys } from "../lib/commands";
import { Banners } from "./Banners";
import { CommandPalette } from "./CommandPalette";
import { useFrameCommands } from "./frameCommands";
import { KeysHelp } from "./KeysHelp";
import { Drawer, Sidebar } from "./Sidebar";
import { TopBar } from "./TopBar";
import { useTidings } from "./useTidings";

/** The frame around every page but the wallboard. */
export function Shell(): React.ReactNode {
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  useCommandKeys();
  useFrameCommands({ onHelp: () => setHelp(true) });
  useTidings();
  return (
    <div className="flex h-dvh">
      <a
        href="#main"
        onClick={(event) => {
          event.preventDefault(); // the address is the router's
          document.getElementById("main")?.focus();
        }}
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-surface focus:px-3 focus:py-2 focus:shadow-overlay"
      >
        Skip to the page
      </a>
      <Sidebar />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar onMenu={() => setDrawer(true)} onSearch={() => setPalette(true)} />
        <Banners />
        <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
          <Outlet />
        </main>
      </div>
      <Drawer open={drawer} onClose={() => setDrawer(false)} />
      <CommandPalette open={palette} onOpenChange={setPalette} />
      <KeysHelp open={help} onClose={() => setHelp(false)} />
    </div>
  );
}
