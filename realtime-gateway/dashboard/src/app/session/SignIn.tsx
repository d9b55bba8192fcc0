import { useEffect, useState } from "react";
import { createApi } from "../../lib/api";
import { config } from "../../lib/config";
import { messageOf } from "../../lib/problem";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import mark from "../../ui/mark.svg";
import { Problem } from "../../ui/Notice";
import { beginSignIn, signInConfig, USUAL, type SignInConfig } from "./oidc";
import type { SessionStore } from "./session";

/** The e-mail is fixed where an ending session is renewed: another person signs out first. */
export function SignInForm({ sessions, user }: { sessions: SessionStore; user?: string }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const signIn = async (form: FormData) => {
    setBusy(true);
    setProblem(null);
    try {
      await sessions.signIn(user ?? String(form.get("username")).trim(), String(form.get("password")));
    } catch (failure) {
      setProblem(messageOf(failure));
      setBusy(false);
    }
  };

  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault(); // a form action would clear the fields after a wrong password
        if (!busy) {
          void signIn(new FormData(event.currentTarget));
        }
      }}
    >
      <TextField
        label="E-mail"
        name="username"
        type="email"
        autoComplete="username"
        required
        autoFocus={user === undefined}
        {...(user === undefined ? {} : { value: user, readOnly: true })}
      />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button type="submit" look="primary" className="mt-1 w-full" disabled={busy}>
        {busy ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}

/** Leads to the organisation's issuer, and from there back to where one was. */
function OrganisationSignIn({ ways }: { ways: Extract<SignInConfig, { mode: "oidc" }> }) {
  const [problem, setProblem] = useState<string | null>(null);
  const go = () =>
    beginSignIn(ways).then(
      (address) => window.location.assign(address),
      (failure: unknown) => setProblem(messageOf(failure)),
    );
  return (
    <div className="flex flex-col gap-3">
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="primary" className="w-full" onClick={() => void go()}>
        Sign in with your organisation
      </Button>
    </div>
  );
}

/** How to sign in here. The form is shown at once: the answer rarely differs, and nobody should wait for it. */
function SignInWays({ sessions, user }: { sessions: SessionStore; user?: string }) {
  const [ways, setWays] = useState<SignInConfig>(USUAL);
  useEffect(() => {
    let left = false;
    signInConfig(createApi({ token: () => null })).then(
      (known) => !left && setWays(known),
      () => undefined, // the form says what is wrong when it is used
    );
    return () => {
      left = true;
    };
  }, []);
  return (
    <div className="flex flex-col gap-3">
      {ways.mode === "oidc" ? (
        <OrganisationSignIn ways={ways} />
      ) : (
        <SignInForm sessions={sessions} {...(user === undefined ? {} : { user })} />
      )}
      {!ways.staysSignedIn && (
        <p className="text-xs text-muted wrap-anywhere">
          This page ({window.location.hostname}) and its API ({new URL(config().apiUrl, window.location.href).hostname}) are of
          different sites, and browsers keep no sign-in between sites: a reload asks for it again. To change that, give both
          addresses of one domain.
        </p>
      )}
    </div>
  );
}

export function SignInPage({ sessions, problem = null }: { sessions: SessionStore; problem?: string | null }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-4 py-12">
      <title>Sign in · OpsRelay</title>
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center gap-3">
          <img src={mark} alt="" className="size-9" />
          <div>
            <h1 className="text-lg leading-6 font-semibold">OpsRelay</h1>
            <p className="text-muted">Tickets, approvals and actions, live.</p>
          </div>
        </div>
        <div className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-5 shadow-raised">
          {problem !== null && <Problem>{problem}</Problem>}
          <SignInWays sessions={sessions} />
        </div>
      </div>
    </main>
  );
}

/** Asks for the password while the page beneath stays as it is and can still be used. */
export function SessionEnding({ sessions, user }: { sessions: SessionStore; user: string }) {
  return (
    <section
      role="region"
      aria-label="Session is ending"
      className="fixed inset-x-3 bottom-3 z-50 rounded-lg border border-line bg-surface p-4 shadow-overlay sm:right-auto sm:w-80"
    >
      <div role="alert" className="mb-3">
        <p className="font-semibold">Your session is ending</p>
        <p className="text-muted">Sign in again to stay connected. Nothing on this page is lost.</p>
      </div>
      <SignInWays sessions={sessions} user={user} />
    </section>
  );
}
