import { afterEach, describe, expect, it, vi } from "vitest";
import { jsonAnswer } from "../testing/answers";
import { createApi } from "./api";
import { config, configOf, loadConfig } from "./config";

const OWN = { apiUrl: "", streamUrl: null, refreshMs: 30_000, autoRefresh: true };

afterEach(async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new Error("away")));
  await loadConfig();
});

describe("the settings of a gateway's pages", () => {
  it("say where the API is, which requests then go to", async () => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", (path: string) => {
      asked.push(path);
      return Promise.resolve(jsonAnswer(200, { api_url: "https://api.example", stream_url: "wss://stream.example/ws", refresh_seconds: 10, auto_refresh: false }));
    });
    await loadConfig();
    expect(config()).toEqual({ apiUrl: "https://api.example", streamUrl: "wss://stream.example/ws", refreshMs: 10_000, autoRefresh: false });
    await createApi({ token: () => null }).get("/api/v1/tickets");
    expect(asked).toEqual(["/config.json", "https://api.example/api/v1/tickets"]);
  });

  it.each([
    ["it is not there", () => Promise.resolve(jsonAnswer(404, { api_url: "https://api.example" }))],
    ["it is no JSON", () => Promise.resolve(new Response("<!doctype html>"))],
    ["nothing answers", () => Promise.reject(new Error("away"))],
  ])("are the page's own where %s", async (_, answer) => {
    vi.stubGlobal("fetch", answer);
    await loadConfig();
    expect(config()).toEqual(OWN);
  });

  it("that make no sense count as not set", () => {
    expect(configOf({ api_url: 7, stream_url: "", refresh_seconds: 0, auto_refresh: "no" })).toEqual(OWN);
    expect(configOf([])).toEqual(OWN);
  });
});
