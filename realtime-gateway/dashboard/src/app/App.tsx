import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider, type RouterHistory } from "@tanstack/react-router";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { RealtimeProvider, useConnection } from "realtime-client/react";
import { ApiContext } from "../lib/api";
import { config } from "../lib/config";
import { tellCutTexts } from "../lib/cutTexts";
import type { Vitals } from "../lib/vitals";
import { PersonContext, type Person } from "../lib/session";
import { FeedContext } from "../parts/feed/context";
import { ToastProvider } from "../ui/Toast";
import { createConsole, type Console } from "./console";
import { ConsoleContext, SessionsContext } from "./context";
import { HealthWatch } from "./HealthWatch";
import { reportRoutes } from "./reportVitals";
import { createAppRouter } from "./router";
import { SessionEnding, SignInPage } from "./session/SignIn";
import type { SessionStore, SignedIn } from "./session/session";

interface AppProps {
  sessions: SessionStore;
  connect?: (sessions: SessionStore) => Console;
  /** Where the page's address is kept; by default the browser's. */
  history?: RouterHistory;
  /** Where it is reported how fast the pages are. */
  vitals?: Vitals;
}

export function App({ sessions, connect = connectHere, history, vitals }: AppProps) {
  const session = useSyncExternalStore(sessions.subscribe, sessions.state);
  switch (session.status) {
    case "restoring":
      return <div role="status" aria-label="Loading" className="min-h-dvh bg-canvas" />;
    case "signed_out":
      // The address stays as it is: after signing in one is where one wanted to go.
      return <SignInPage sessions={sessions} problem={session.problem} />;
    default:
      return (
        <>
          <SignedInApp
            key={`${session.user} ${session.clientId ?? ""}`}
            sessions={sessions}
            session={session}
            connect={connect}
            history={history}
            vitals={vitals}
          />
          {session.status === "ending" && <SessionEnding sessions={sessions} user={session.user} />}
        </>
      );
  }
}

function SignedInApp({
  sessions,
  session,
  connect,
  history,
  vitals,
}: {
  sessions: SessionStore;
  session: SignedIn;
  connect: (sessions: SessionStore) => Console;
  history: RouterHistory | undefined;
  vitals: Vitals | undefined;
}) {
  const [parts] = useState(() => connect(sessions));
  const [router] = useState(() => createAppRouter(history));
  useEffect(() => parts.start(), [parts]);
  useEffect(tellCutTexts, []);
  useEffect(() => (vitals === undefined ? undefined : reportRoutes(vitals, router)), [vitals, router]);
  const live = useConnection(parts.realtime).session;
  const person = useMemo((): Person => {
    return {
      user: live?.user ?? session.user,
      clientId: live?.clientId ?? session.clientId,
      clients: session.clients,
      roles: live?.roles ?? session.roles,
    };
  }, [live, session]);
  return (
    <SessionsContext value={sessions}>
      <ConsoleContext value={parts}>
        <ApiContext value={parts.api}>
          <PersonContext value={person}>
            <FeedContext value={parts.feed}>
              <QueryClientProvider client={parts.queries}>
                <RealtimeProvider client={parts.realtime}>
                  <HealthWatch>
                    <ToastProvider>
                      <RouterProvider router={router} />
                    </ToastProvider>
                  </HealthWatch>
                </RealtimeProvider>
              </QueryClientProvider>
            </FeedContext>
          </PersonContext>
        </ApiContext>
      </ConsoleContext>
    </SessionsContext>
  );
}

/** The stream is where the page came from, unless its gateway says otherwise. */
function connectHere(sessions: SessionStore): Console {
  const { protocol, host } = window.location;
  return createConsole(sessions, config().streamUrl ?? `${protocol === "https:" ? "wss:" : "ws:"}//${host}/api/v1/stream`);
}
