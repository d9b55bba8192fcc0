import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { SessionEnding, SignInPage } from "../features/session/SignIn";
import type { SessionStore } from "../features/session/session";
import { ApiContext } from "../lib/api";
import { createConsole, type Console } from "./console";
import { ConsolePage } from "./ConsolePage";

interface AppProps {
  sessions: SessionStore;
  connect?: (sessions: SessionStore) => Console;
}

export function App({ sessions, connect = connectHere }: AppProps) {
  const session = useSyncExternalStore(sessions.subscribe, sessions.state);
  if (session.status === "signed_out") {
    return <SignInPage sessions={sessions} />;
  }
  return (
    <>
      <SignedIn key={session.user} sessions={sessions} connect={connect} />
      {session.status === "ending" && <SessionEnding sessions={sessions} user={session.user} />}
    </>
  );
}

function SignedIn({ sessions, connect }: Required<AppProps>) {
  const [parts] = useState(() => connect(sessions));
  useEffect(() => parts.start(), [parts]);
  return (
    <ApiContext value={parts.api}>
      <QueryClientProvider client={parts.queries}>
        <ConsolePage parts={parts} onSignOut={() => sessions.signOut()} />
      </QueryClientProvider>
    </ApiContext>
  );
}

/** The stream is where the page came from. */
function connectHere(sessions: SessionStore): Console {
  const { protocol, host } = window.location;
  return createConsole(sessions, `${protocol === "https:" ? "wss:" : "ws:"}//${host}/api/v1/stream`);
}
