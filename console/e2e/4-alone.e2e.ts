// A network in which nothing has happened yet; its node is out of reach for a while, and stands still for a while.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { account } from "./keys";
import { Passage } from "./passage";
import { freePort, type Program, start } from "./processes";
import { serveConsole } from "./server";
import { closeBrowser, type Visit, visit } from "./visit";

const site = inject("site");
const programs = resolve(process.env.KHALA_PROGRAMS ?? "../target/debug");
const running: Program[] = [];
const folder = mkdtempSync(join(tmpdir(), "khala-console-alone-"));
let node: Program;
let direct: string;
let passage: Passage;
let seen: Visit;

beforeAll(async () => {
  const [rpc, p2p] = [await freePort(), await freePort()];
  const begin = (name: string, program: string, args: string[]) => {
    const begun = start(`alone-${name}`, join(programs, program), args, site.output);
    running.push(begun);
    return begun;
  };
  node = begin("node", "khala-node", [
    ...["--chain", "development", "--alice", "--base-path", join(folder, "node"), "--rpc-port", String(rpc)],
    ...["--listen-addr", `/ip4/127.0.0.1/tcp/${p2p}`, "--no-prometheus", "--no-mdns", "--rpc-cors", "all"],
    ...["--state-pruning", "archive", "--blocks-pruning", "archive", "--force-authoring"],
  ]);
  direct = `ws://127.0.0.1:${rpc}`;
  passage = new Passage(await freePort(), rpc);
  await passage.open();
  const through = `ws://127.0.0.1:${passage.port}`;
  seen = await visit({
    node: through,
    console: await serveConsole(begin, folder, direct),
    remembered: {
      "khala.account": { kind: "readOnly", address: account("//Bob").address },
      // As chosen by somebody before.
      "khala.endpoint": through,
    },
  });
});
afterAll(async () => {
  await seen.end();
  await passage.close();
  for (const program of running.reverse()) await program.stop();
  rmSync(folder, { recursive: true, force: true });
  await closeBrowser();
});

const status = () => seen.page.getByTestId("chain-status");
const health = () => status().getAttribute("data-health");
const block = async () => Number((await status().textContent())?.replace(/\D/g, ""));
const risen = async (from: number) => expect.poll(block, { timeout: 60_000 }).toBeGreaterThan(from);

describe("an empty network", () => {
  it.each([
    ["/", "No heartbeats yet"],
    ["/pools", "There are no pools yet"],
    ["/vaults", "There are no vaults yet"],
    ["/workers", "This account operates no workers"],
    ["/delegation", "Nothing delegated yet"],
    ["/farm", "You own no pool yet"],
  ])("%s says so, and what to do", async (path, text) => {
    await seen.go(path);
    await seen.page.getByText(text).waitFor({ timeout: 60_000 });
  });
});

describe("the connection", () => {
  it("brings new blocks without loading the page again", async () => {
    await seen.go("/");
    await expect.poll(health, { timeout: 60_000 }).toBe("good");
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
    node.child.kill("SIGSTOP");
    try {
      await seen.page.getByTestId("connection-banner").waitFor({ timeout: 90_000 });
      expect(await health()).toBe("bad");
    } finally {
      node.child.kill("SIGCONT");
    }
    await expect.poll(health, { timeout: 90_000 }).toBe("good");
    await risen(await block());
  });

  it("goes to another endpoint, and remembers it", async () => {
    const { page } = seen;
    await status().click();
    await page.getByRole("textbox", { name: "Endpoint" }).fill(direct);
    await page.getByRole("button", { name: "Switch", exact: true }).click();
    await page.keyboard.press("Escape");
    await expect.poll(health, { timeout: 60_000 }).toBe("good");
    expect(await page.evaluate(() => localStorage.getItem("khala.endpoint"))).toBe(JSON.stringify(direct));
    // This page's own node from now on: what the visit allows is the passage's and the console's.
    expect(seen.outside.every((url) => new URL(url).host === new URL(direct).host)).toBe(true);
    seen.outside.length = 0;
  });
});
