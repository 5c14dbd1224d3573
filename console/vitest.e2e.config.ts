// Tests in a real browser against a really running network. Stories share the network and are told side by side, each with accounts of
// its own: most of their time they wait for blocks.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: {
    include: ["e2e/**/*.e2e.ts"],
    globalSetup: "e2e/setup.ts",
    maxWorkers: 3,
    // Generous: a busy machine is slow, and nothing is asserted about time but the two minutes to the first reward.
    testTimeout: 400_000,
    expect: { poll: { timeout: 60_000, interval: 100 } },
    hookTimeout: 300_000,
  },
});
