import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// In development and preview the page comes from Vite and everything under /api from a running gateway.
const gateway = process.env["OPSRELAY_GATEWAY"] ?? "http://127.0.0.1:8080";
const proxy = { "/api": { target: gateway, ws: true } };

export default defineConfig({
  plugins: [react(), tailwindcss()],
  server: { proxy },
  preview: { proxy },
  build: {
    target: ["chrome123", "firefox120", "safari17.5"],
    // Nothing is inlined: the page must run under a policy without data: and 'unsafe-inline'.
    assetsInlineLimit: 0,
    sourcemap: false,
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
  },
});
