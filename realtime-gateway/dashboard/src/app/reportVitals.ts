import { Vitals } from "../lib/vitals";
import type { createAppRouter } from "./router";
import type { SessionStore } from "./session/session";

/** Reports for whoever is signed in; the sign-in page's own figures wait until somebody is. */
export function reportVitals(sessions: SessionStore): Vitals {
  const vitals = new Vitals({ token: () => sessions.token()?.value ?? null });
  let wasSignedOut = false;
  const look = () => {
    const isSignedOut = sessions.state().status === "signed_out";
    if (isSignedOut && !wasSignedOut) {
      requestAnimationFrame(() => vitals.shown("/sign-in"));
    }
    wasSignedOut = isSignedOut;
  };
  sessions.subscribe(look);
  vitals.start();
  return vitals;
}

/** From the click to the page that is there. The result ends it. */
export function reportRoutes(vitals: Vitals, router: ReturnType<typeof createAppRouter>): () => void {
  let since: number | null = null;
  const began = router.subscribe("onBeforeNavigate", ({ fromLocation, pathChanged }) => {
    since = pathChanged && fromLocation !== undefined ? performance.now() : since;
  });
  const ended = router.subscribe("onRendered", ({ fromLocation, pathChanged }) => {
    if (pathChanged || fromLocation === undefined) {
      vitals.shown(router.state.matches.at(-1)?.fullPath ?? "other", since);
      since = null;
    }
  });
  return () => {
    began();
    ended();
  };
}
