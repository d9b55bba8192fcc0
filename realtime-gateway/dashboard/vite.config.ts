import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// In development and preview the page comes from Vite and everything under /api from a running gateway.
const gateway = process.env["OPSRELAY_GATEWAY"] ?? "http://127.0.0.1:8080";
const proxy = { "/api": { target: gateway, ws: true } };

// The client's sources, so that neither the tests nor a running page need it to be built first.
const client = (path: string) => fileURLToPath(new URL(`realtime-client/src/${path}`, import.meta.url));

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: [
      { find: /^realtime-client$/, replacement: client("index.ts") },
      { find: /^realtime-client\/react$/, replacement: client("react/index.ts") },
      // Radix's scroll lock writes a style element, which the page's policy refuses: docs/adr/0020.
      {
        find: /^react-style-singleton$/,
        replacement: fileURLToPath(new URL("src/lib/styleSingleton.ts", import.meta.url)),
      },
    ],
  },
  server: { proxy },
  preview: { proxy },
  build: {
    target: ["chrome123", "firefox120", "safari17.5"],
    // Nothing is inlined: the page must run under a policy without data: and 'unsafe-inline'.
    assetsInlineLimit: 0,
    sourcemap: false,
  },
  test: {
    restoreMocks: true,
    unstubGlobals: true,
    // A machine may halt for a while; what never comes is still found.
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "pages",
          environment: "jsdom",
          include: ["{src,realtime-client/src}/**/*.test.tsx"],
          setupFiles: ["src/testing/setup.ts"],
        },
      },
      {
        // What needs no page is not given one; a file that does after all says so in its first line.
        extends: true,
        test: { name: "logic", environment: "node", include: ["{src,realtime-client/src}/**/*.test.ts"] },
      },
    ],
  },
});
