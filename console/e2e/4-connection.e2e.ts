// The way to the node breaks, the chain stands still, and both come back.
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { Passage } from "./passage";
import { freePort } from "./processes";
import { closeBrowser, type Visit, visit } from "./visit";

const site = inject("site");
let seen: Visit;
let passage: Passage;

beforeAll(async () => {
  passage = new Passage(await freePort(), Number(new URL(site.node).port));
  await passage.open();
  seen = await visit({ ...site, node: `ws://127.0.0.1:${passage.port}` });
});
afterAll(async () => {
  await seen.end();
  await passage.close();
  await closeBrowser();
});

const status = () => seen.page.getByTestId("chain-status");
const health = () => status().getAttribute("data-health");
const block = async () => Number((await status().textContent())?.replace(/\D/g, ""));
const risen = async (from: number) => expect.poll(block, { timeout: 60_000 }).toBeGreaterThan(from);

describe("the connection", () => {
  it("brings new blocks without loading the page again", async () => {
    await seen.go("/");
    await expect.poll(health, { timeout: 30_000 }).toBe("good");
    await risen(await block());
  });

  it("that is lost is shown, and heals by itself", async () => {
    await passage.close();
    await expect.poll(health, { timeout: 30_000 }).toBe("bad");
    await seen.page.getByText(/The connection to the node is lost/).waitFor();
    const before = await block();
    await passage.open();
    await expect.poll(health, { timeout: 60_000 }).toBe("good");
    await risen(before);
    await expect.poll(() => seen.page.getByTestId("connection-banner").count()).toBe(0);
  });

  it("to a chain that stands still says so, until it goes on", async () => {
    process.kill(site.validator, "SIGSTOP");
    try {
      await seen.page.getByTestId("connection-banner").waitFor({ timeout: 90_000 });
      expect(await health()).toBe("bad");
    } finally {
      process.kill(site.validator, "SIGCONT");
    }
    await expect.poll(health, { timeout: 90_000 }).toBe("good");
    await risen(await block());
  });

  it("goes to another endpoint, and remembers it", async () => {
    const { page } = seen;
    await status().click();
    await page.getByRole("textbox", { name: "Endpoint" }).fill(site.node);
    await page.getByRole("button", { name: "Switch", exact: true }).click();
    await page.keyboard.press("Escape");
    await expect.poll(health, { timeout: 60_000 }).toBe("good");
    expect(await page.evaluate(() => localStorage.getItem("khala.endpoint"))).toBe(JSON.stringify(site.node));
    // This page's own node from now on: what the visit allows is the passage's and the console's.
    expect(seen.outside.every((url) => new URL(url).host === new URL(site.node).host)).toBe(true);
    seen.outside.length = 0;
  });
});
