import { expect, it, vi } from "vitest";
import { jsonAnswer } from "../testing/answers";
import { createApi } from "./api";

it("a file is sent as it is and with its own type, other bodies as JSON", async () => {
  const sent: RequestInit[] = [];
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    sent.push(init);
    return Promise.resolve(jsonAnswer(200, {}));
  });
  const api = createApi({ token: () => "jwt" });
  const file = new Blob(["text,label\n"], { type: "text/csv" });
  await api.put("/api/v1/agent/classifier/examples", file);
  await api.post("/api/v1/agent/classify", { text: "hello" });
  expect(sent.map(({ headers }) => new Headers(headers).get("Content-Type"))).toEqual(["text/csv", "application/json"]);
  expect(sent[0]?.body).toBe(file);
  expect(sent[1]?.body).toBe('{"text":"hello"}');
});

it("what the contract does not take does not compile", () => {
  const api = createApi({ token: () => null });
  const asked = (id: string) => [
    api.post(`/api/v1/tickets/${id}/status`, { status: "closed", reason: "done" }),
    // @ts-expect-error nobody can set that status
    api.post(`/api/v1/tickets/${id}/status`, { status: "received" }),
    // @ts-expect-error it is on or off
    api.post("/api/v1/kill_switch", { on: "yes", reason: "it went wild" }),
  ];
  expect(asked).toBeDefined();
});
