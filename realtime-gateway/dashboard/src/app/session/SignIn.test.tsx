import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { jsonAnswer } from "../../testing/answers";
import { SessionEnding, SignInPage } from "./SignIn";
import { SessionStore } from "./session";

const fetched = vi.fn<typeof fetch>();
let sessions: SessionStore;

beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
  sessions = new SessionStore();
});

/** Answers the sign-in; how to sign in is asked beside it. */
function answers(answer: () => Promise<Response>) {
  fetched.mockImplementation((input) =>
    String(input) === "/api/v1/auth/config" ? Promise.resolve(jsonAnswer(404, {})) : answer(),
  );
}

const signInRequest = () => fetched.mock.calls.find(([path]) => path === "/api/v1/auth/token") ?? [];

async function signIn(password: string) {
  await userEvent.type(screen.getByLabelText("E-mail"), "admin@acme.example");
  await userEvent.type(screen.getByLabelText("Password"), `${password}{Enter}`);
}

describe("signing in", () => {
  it("exchanges e-mail and password for a token that stays in memory", async () => {
    answers(() => Promise.resolve(jsonAnswer(200, { access_token: "jwt", expires_in: 3_600 })));
    render(<SignInPage sessions={sessions} />);
    await signIn("demo");
    const [path, request] = signInRequest();
    expect(path).toBe("/api/v1/auth/token");
    expect(JSON.parse(String(request?.body))).toEqual({ username: "admin@acme.example", password: "demo" });
    expect(sessions.state()).toMatchObject({ status: "signed_in", user: "admin@acme.example" });
    expect(sessions.token()?.value).toBe("jwt");
    expect(localStorage.length + sessionStorage.length).toBe(0);
    expect(document.cookie).toBe("");
  });

  it("shows the server's words about a wrong password and keeps what was typed", async () => {
    answers(() => Promise.resolve(jsonAnswer(401, { title: "Unauthorized", detail: "The e-mail or the password is wrong." })));
    render(<SignInPage sessions={sessions} />);
    await signIn("nope");
    expect((await screen.findByRole("alert")).textContent).toBe("The e-mail or the password is wrong.");
    expect((screen.getByLabelText("E-mail") as HTMLInputElement).value).toBe("admin@acme.example");
    expect(sessions.state().status).toBe("signed_out");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Sign in" }).disabled).toBe(false);
  });

  it("says so when nothing answers, and when the answer is no token", async () => {
    render(<SignInPage sessions={sessions} />);
    answers(() => Promise.reject(new TypeError("Failed to fetch")));
    await signIn("demo");
    expect((await screen.findByRole("alert")).textContent).toContain("cannot be reached");
    answers(() => Promise.resolve(jsonAnswer(200, { access_token: 7 })));
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect((await screen.findByRole("alert")).textContent).toContain("could not be read");
  });

  it("says why a reload will ask again where the browser keeps no cookie between page and API, and how to mend it", async () => {
    fetched.mockImplementation(() => Promise.resolve(jsonAnswer(200, { mode: "standalone", stays_signed_in: false })));
    render(<SignInPage sessions={sessions} />);
    expect(screen.queryByText(/different sites/)).toBeNull(); // it is not known yet
    expect((await screen.findByText(/different sites/)).textContent).toMatch(/^This page \(localhost\).*one domain\.$/);
  });

  it("says nothing of that where it does", async () => {
    fetched.mockImplementation(() => Promise.resolve(jsonAnswer(200, { mode: "oidc", authorization_endpoint: "https://issuer.example/auth", client_id: "dashboard" })));
    render(<SignInPage sessions={sessions} />);
    await screen.findByRole("button", { name: "Sign in with your organisation" });
    expect(screen.queryByText(/different sites/)).toBeNull();
  });

  it("asks only for the password where a session is ending", async () => {
    answers(() => Promise.resolve(jsonAnswer(200, { access_token: "jwt-2", expires_in: 60 })));
    render(<SessionEnding sessions={sessions} user="admin@acme.example" />);
    expect((screen.getByLabelText("E-mail") as HTMLInputElement).readOnly).toBe(true);
    await userEvent.type(screen.getByLabelText("Password"), "demo{Enter}");
    expect(sessions.token()?.value).toBe("jwt-2");
  });
});
