import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
} from "@tanstack/react-router";
import { homeSearch } from "../features/home/search";
import { ticketsSearch } from "../features/tickets/search";
import { approvalsSearch } from "../features/approvals/search";
import { operationsSearch } from "../features/operations/search";
import { aiSearch } from "../features/ai/search";
import { metricsSearch } from "../features/metrics/search";
import { customersSearch } from "../features/customers/search";
import { settingsSearch } from "../features/settings/search";
import { wallboardSearch } from "../features/wallboard/search";
import { newTicketSearch } from "../features/new-ticket/search";
import { ticketSearch } from "../features/ticket/search";
import { NotFound, PageFailed, PageLoading } from "./PageStates";
import { Shell } from "./Shell";

/** Not generic: a page that asks for the types of its own route would else be part of them. */
const lazy = (load: () => Promise<{ Page: () => React.ReactNode }>) => lazyRouteComponent(load, "Page");

const root = createRootRoute({ component: Outlet });
const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });
const page = () => shell;

/*
 * Each page is a chunk of its own; what checks its search parameters (search.ts) is in the frame's. The routes are
 * constants of their own because written into the list they would lose their types.
 */
const home = createRoute({
  getParentRoute: page,
  path: "/",
  validateSearch: homeSearch,
  component: lazy(() => import("../features/home/page")),
});
const tickets = createRoute({
  getParentRoute: page,
  path: "/tickets",
  validateSearch: ticketsSearch,
  component: lazy(() => import("../features/tickets/page")),
});
const newTicket = createRoute({
  getParentRoute: page,
  path: "/tickets/new",
  validateSearch: newTicketSearch,
  component: lazy(() => import("../features/new-ticket/page")),
});
const ticket = createRoute({
  getParentRoute: page,
  path: "/tickets/$id",
  validateSearch: ticketSearch,
  component: lazy(() => import("../features/ticket/page")),
});
const approvals = createRoute({
  getParentRoute: page,
  path: "/approvals",
  validateSearch: approvalsSearch,
  component: lazy(() => import("../features/approvals/page")),
});
const operations = createRoute({
  getParentRoute: page,
  path: "/operations",
  validateSearch: operationsSearch,
  component: lazy(() => import("../features/operations/page")),
});
const ai = createRoute({
  getParentRoute: page,
  path: "/ai",
  validateSearch: aiSearch,
  component: lazy(() => import("../features/ai/page")),
});
const metrics = createRoute({
  getParentRoute: page,
  path: "/metrics",
  validateSearch: metricsSearch,
  component: lazy(() => import("../features/metrics/page")),
});
const customers = createRoute({
  getParentRoute: page,
  path: "/customers",
  validateSearch: customersSearch,
  component: lazy(() => import("../features/customers/page")),
});
const customer = createRoute({
  getParentRoute: page,
  path: "/customers/$id",
  component: lazy(() => import("../features/customer/page")),
});
const settings = createRoute({
  getParentRoute: page,
  path: "/settings",
  validateSearch: settingsSearch,
  component: lazy(() => import("../features/settings/page")),
});
const settingsSection = createRoute({
  getParentRoute: page,
  path: "/settings/$section",
  validateSearch: settingsSearch,
  component: lazy(() => import("../features/settings/page")),
});
// Fills the screen: no frame around it.
const wallboard = createRoute({
  getParentRoute: () => root,
  path: "/wallboard",
  validateSearch: wallboardSearch,
  component: lazy(() => import("../features/wallboard/page")),
});
const routes = root.addChildren([
  shell.addChildren([
    home,
    tickets,
    newTicket,
    ticket,
    approvals,
    operations,
    ai,
    metrics,
    customers,
    customer,
    settings,
    settingsSection,
  ]),
  wallboard,
]);

export function createAppRouter(history?: RouterHistory) {
  const router = createRouter({
    routeTree: routes,
    ...(history === undefined ? {} : { history }),
    defaultPreload: "intent",
    defaultPendingComponent: PageLoading,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: NotFound,
    defaultPendingMs: 200,
    scrollRestoration: false,
  });
  // A screen reader, and whoever uses the keyboard, goes on where the new page begins.
  router.subscribe("onRendered", ({ fromLocation, pathChanged }) => {
    if (fromLocation !== undefined && pathChanged) {
      document.querySelector<HTMLElement>("h1[data-page-heading]")?.focus();
    }
  });
  return router;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
