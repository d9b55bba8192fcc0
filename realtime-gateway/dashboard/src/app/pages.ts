import {
  Bot,
  ChartLine,
  House,
  Inbox,
  MonitorPlay,
  ServerCog,
  Settings,
  ShieldCheck,
  UsersRound,
  type LucideIcon,
} from "lucide-react";

/** The pages of the sidebar, in its order; `g` and the key go there. */
export const PAGES = [
  { to: "/", name: "Home", icon: House, key: "h" },
  { to: "/tickets", name: "Tickets", icon: Inbox, key: "t" },
  { to: "/approvals", name: "Approvals", icon: ShieldCheck, key: "a" },
  { to: "/operations", name: "Operations", icon: ServerCog, key: "o" },
  { to: "/ai", name: "AI performance", icon: Bot, key: "p" },
  { to: "/metrics", name: "Metrics", icon: ChartLine, key: "m" },
  { to: "/customers", name: "Customers", icon: UsersRound, key: "c" },
  { to: "/settings", name: "Settings", icon: Settings, key: "s" },
  { to: "/wallboard", name: "Wallboard", icon: MonitorPlay, key: "w" },
] as const satisfies readonly { to: string; name: string; icon: LucideIcon; key: string }[];
