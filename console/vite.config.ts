import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Where the indexer listens while the console is developed; in production it serves the console itself.
const indexer = process.env.KHALA_INDEXER_URL ?? "http://127.0.0.1:9970";

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: { "@": here("./src") },
  },
  build: {
    target: "es2023",
    manifest: true,
    // Small files too: a policy that allows only this host's files allows no data: addresses.
    assetsInlineLimit: 0,
    // The entry has the components and the client of the chain; scripts/check-build.mjs says what a first visit loads.
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { "/api": indexer } },
  preview: { proxy: { "/api": indexer } },
  test: { include: ["src/**/*.test.{ts,tsx}"] },
});
