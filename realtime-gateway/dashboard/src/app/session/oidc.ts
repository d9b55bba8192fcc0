import type { Api } from "../../lib/api";
import { isObject, text, type JsonObject } from "../../lib/json";
import { ProblemError } from "../../lib/problem";

/** How people sign in at this gateway. */
export type SignInConfig = {
  /** False where the browser keeps no cookie of the API for this page, since they are of different sites. */
  readonly staysSignedIn: boolean;
} & (
  | { readonly mode: "standalone" }
  | { readonly mode: "oidc"; readonly authorizationEndpoint: string; readonly clientId: string; readonly scope: string }
);

/** What most gateways say. */
export const USUAL: SignInConfig = { mode: "standalone", staysSignedIn: true };

/** Survives the way to the issuer and back, and nothing else: it is taken out when it is read. */
const PENDING = "opsrelay.sign-in";
const CALLBACK = "/sign-in";

/** A gateway that does not say signs people in itself. */
export async function signInConfig(api: Api): Promise<SignInConfig> {
  let config: JsonObject;
  try {
    const { body } = await api.get("/api/v1/auth/config");
    config = isObject(body) ? body : {};
  } catch (failure) {
    if (failure instanceof ProblemError && (failure.status === 404 || failure.status === 401)) {
      return USUAL;
    }
    throw failure;
  }
  const staysSignedIn = config["stays_signed_in"] !== false;
  const authorizationEndpoint = text(config["authorization_endpoint"]);
  const clientId = text(config["client_id"]);
  if (config["mode"] !== "oidc" || authorizationEndpoint === null || clientId === null) {
    return { mode: "standalone", staysSignedIn };
  }
  return { mode: "oidc", authorizationEndpoint, clientId, scope: text(config["scope"]) ?? "openid", staysSignedIn };
}

/** The address at the issuer to go to; what is needed on the way back is kept for this tab. */
export async function beginSignIn(config: Extract<SignInConfig, { mode: "oidc" }>): Promise<string> {
  const verifier = random();
  const state = random();
  const nonce = random();
  const challenge = base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
  const { pathname, search } = window.location;
  sessionStorage.setItem(PENDING, JSON.stringify({ verifier, state, nonce, back: pathname + search }));
  const address = new URL(config.authorizationEndpoint);
  const parameters = {
    response_type: "code",
    client_id: config.clientId,
    redirect_uri: window.location.origin + CALLBACK,
    scope: config.scope,
    state,
    nonce,
    code_challenge: challenge,
    code_challenge_method: "S256",
  };
  Object.entries(parameters).forEach(([name, value]) => address.searchParams.set(name, value));
  return address.href;
}

/** The token answer if this page was opened by the issuer, else null. Rejects with what went wrong at the issuer. */
export async function finishSignIn(api: Api): Promise<unknown> {
  if (window.location.pathname !== CALLBACK) {
    return null;
  }
  const answer = new URLSearchParams(window.location.search);
  const pending = taken();
  // First of all: a code must not stay in the address or the history.
  window.history.replaceState(null, "", ownPath(text(pending["back"])));
  const error = answer.get("error");
  if (error !== null) {
    throw new ProblemError(`Your organisation refused the sign-in: ${answer.get("error_description") ?? error}`, 0);
  }
  const code = answer.get("code");
  const verifier = text(pending["verifier"]);
  const nonce = text(pending["nonce"]);
  if (code === null) {
    return null;
  }
  if (verifier === null || nonce === null || answer.get("state") !== pending["state"]) {
    throw new ProblemError("This sign-in was not begun in this tab. Please sign in again.", 0);
  }
  const redirect = window.location.origin + CALLBACK;
  const exchanged = await api.post(
    "/api/v1/auth/oidc/token",
    { code, code_verifier: verifier, redirect_uri: redirect, nonce },
    { headers: { "X-Requested-With": "opsrelay" } },
  );
  return exchanged.body;
}

function taken(): JsonObject {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(PENDING) ?? "null");
    sessionStorage.removeItem(PENDING);
    return isObject(kept) ? kept : {};
  } catch {
    return {};
  }
}

/** Only ever a path of this page: `//elsewhere` would be another host. */
function ownPath(path: string | null): string {
  return path !== null && /^\/(?!\/|\\)/.test(path) && !path.startsWith(CALLBACK) ? path : "/";
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
