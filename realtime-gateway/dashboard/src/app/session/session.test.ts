// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApi } from "../../lib/api";
import { jsonAnswer } from "../../testing/answers";
import { beginSignIn } from "./oidc";
import { SessionStore } from "./session";

const fetched = vi.fn<typeof fetch>();
const claims = { sub: "admin@acme.example", tenant: "acme", roles: ["admin"] };
const jwt = (name: string) => `${name}.${btoa(JSON.stringify(claims))}.x`;
let sessions: SessionStore;

beforeEach(() => {
  vi.useFakeTimers();
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
  window.history.replaceState(null, "", "/tickets?status=failed");
  sessions = new SessionStore();
});
afterEach(() => vi.useRealTimers());

const answer = (status: number, body: unknown) => fetched.mockImplementation(() => Promise.resolve(jsonAnswer(status, body)));
const statusNow = () => sessions.state().status;

describe("a session", () => {
  it("goes on after a reload by the cookie, which is sent with a header that no other site can send", async () => {
    answer(200, { access_token: jwt("a"), expires_in: 900, clients: ["acme", "globex"] });
    await sessions.restore();
    expect(sessions.state()).toMatchObject({ user: "admin@acme.example", clientId: "acme", clients: ["acme", "globex"] });
    const [path, request] = fetched.mock.calls[0] ?? [];
    expect(path).toBe("/api/v1/auth/refresh");
    expect(new Headers(request?.headers).get("X-Requested-With")).toBe("opsrelay");
  });

  it("has its cookie kept and sent also where the API is at another origin, and no other request carries one", async () => {
    answer(200, { access_token: jwt("a"), expires_in: 900 });
    await sessions.signIn("admin@acme.example", "demo");
    await sessions.restore();
    sessions.signOut();
    await createApi({ token: () => "jwt" }).get("/api/v1/tickets");
    expect(fetched.mock.calls.map(([path, request]) => [path, request?.credentials])).toEqual([
      ["/api/v1/auth/token", "include"],
      ["/api/v1/auth/refresh", "include"],
      ["/api/v1/auth/sign-out", "include"],
      ["/api/v1/tickets", "same-origin"],
    ]);
  });

  it.each([401, 404])("is nobody's where the cookie is refused with %i", async (status) => {
    answer(status, {});
    await sessions.restore();
    expect(statusNow()).toBe("signed_out");
  });

  it("is renewed before the token ends", async () => {
    answer(200, { access_token: jwt("a"), expires_in: 900 });
    await sessions.restore();
    answer(200, { access_token: jwt("b"), expires_in: 900 });
    await vi.advanceTimersByTimeAsync(820_000);
    expect(sessions.token()?.value).toBe(jwt("b"));
    expect(statusNow()).toBe("signed_in");
  });

  it("asks for the password when the cookie is no longer good", async () => {
    answer(200, { access_token: jwt("a"), expires_in: 900 });
    await sessions.restore();
    answer(401, {});
    sessions.ending();
    await vi.waitFor(() => expect(statusNow()).toBe("ending"));
  });

  it("waits for a server that is away as long as the token lasts", async () => {
    answer(200, { access_token: jwt("a"), expires_in: 900 });
    await sessions.restore();
    fetched.mockRejectedValue(new TypeError("Failed to fetch"));
    await vi.advanceTimersByTimeAsync(850_000);
    expect(statusNow()).toBe("signed_in");
    answer(200, { access_token: jwt("b"), expires_in: 900 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sessions.token()?.value).toBe(jwt("b"));
  });

  it("leaves no draft behind when it is signed out of, and keeps them when it runs out", async () => {
    answer(200, { access_token: jwt("a"), expires_in: 900 });
    await sessions.restore();
    localStorage.setItem("opsrelay.draft.acme.admin@acme.example.t-1", JSON.stringify({ text: "Dear Mary,", at: new Date().toISOString() }));
    answer(401, {});
    await sessions.restore();
    expect(statusNow()).toBe("signed_out");
    expect(localStorage).toHaveLength(1);
    answer(200, { access_token: jwt("b"), expires_in: 900 });
    await sessions.restore();
    sessions.signOut();
    expect(localStorage).toHaveLength(0);
  });

  it("takes no code that this tab has not asked for, and removes it from the address", async () => {
    answer(200, { access_token: jwt("a"), expires_in: 900 });
    window.history.replaceState(null, "", "/sign-in?code=stolen&state=guessed");
    await sessions.restore();
    expect(sessions.state()).toMatchObject({ status: "signed_out", problem: expect.stringContaining("not begun in this tab") });
    expect(window.location.href).not.toContain("stolen");
    expect(fetched).not.toHaveBeenCalled();
  });

  it("takes no code without the nonce that the issuer's answer is checked by", async () => {
    sessionStorage.setItem("opsrelay.sign-in", JSON.stringify({ verifier: "v", state: "s", back: "/" }));
    window.history.replaceState(null, "", "/sign-in?code=c&state=s");
    await sessions.restore();
    expect(sessions.state()).toMatchObject({ status: "signed_out", problem: expect.stringContaining("not begun in this tab") });
    expect(fetched).not.toHaveBeenCalled();
  });

  it("sends people to the issuer with a nonce of their own, and keeps it for the way back", async () => {
    const address = new URL(await beginSignIn({ mode: "oidc", authorizationEndpoint: "https://issuer.example/auth", clientId: "dashboard", scope: "openid", staysSignedIn: true }));
    const kept: unknown = JSON.parse(sessionStorage.getItem("opsrelay.sign-in") ?? "null");
    const sent = (name: string) => address.searchParams.get(name);
    expect(sent("nonce")).toMatch(/^[\w-]{43}$/);
    expect(sent("nonce")).not.toBe(sent("state"));
    expect(kept).toMatchObject({ nonce: sent("nonce"), state: sent("state") });
    expect(JSON.stringify(kept)).not.toContain(sent("code_challenge"));
    sessionStorage.clear();
  });

  it("exchanges the issuer's code with its verifier and returns to where one was", async () => {
    answer(200, { access_token: jwt("a"), expires_in: 900 });
    sessionStorage.setItem("opsrelay.sign-in", JSON.stringify({ verifier: "v", state: "s", nonce: "n", back: "/tickets?status=failed" }));
    window.history.replaceState(null, "", "/sign-in?code=c&state=s");
    await sessions.restore();
    expect(statusNow()).toBe("signed_in");
    expect(JSON.parse(String(fetched.mock.calls[0]?.[1]?.body))).toMatchObject({ code: "c", code_verifier: "v", nonce: "n" });
    expect(window.location.pathname + window.location.search).toBe("/tickets?status=failed");
  });
});
