// A network in which nothing has happened yet.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, inject, it } from "vitest";
import { account } from "./keys";
import { freePort, type Program, start } from "./processes";
import { serveConsole } from "./server";
import { closeBrowser, type Visit, visit } from "./visit";

const site = inject("site");
const programs = resolve(process.env.KHALA_PROGRAMS ?? "../target/debug");
const running: Program[] = [];
const folder = mkdtempSync(join(tmpdir(), "khala-console-empty-"));
let seen: Visit;

beforeAll(async () => {
  const [rpc, p2p] = [await freePort(), await freePort()];
  const begin = (name: string, program: string, args: string[]) => {
    const begun = start(`empty-${name}`, join(programs, program), args, site.output);
    running.push(begun);
    return begun;
  };
  begin("node", "khala-node", [
    ...["--chain", "development", "--alice", "--base-path", join(folder, "node"), "--rpc-port", String(rpc)],
    ...["--listen-addr", `/ip4/127.0.0.1/tcp/${p2p}`, "--no-prometheus", "--no-mdns", "--rpc-cors", "all"],
    ...["--state-pruning", "archive", "--blocks-pruning", "archive", "--force-authoring"],
  ]);
  const node = `ws://127.0.0.1:${rpc}`;
  seen = await visit({
    node,
    console: await serveConsole(begin, folder, node),
    remembered: { "khala.account": { kind: "readOnly", address: account("//Bob").address } },
  });
});
afterAll(async () => {
  await seen.end();
  for (const program of running.reverse()) await program.stop();
  rmSync(folder, { recursive: true, force: true });
  await closeBrowser();
});

describe("an empty network", () => {
  it.each([
    ["/", "No heartbeats yet"],
    ["/pools", "There are no pools yet"],
    ["/workers", "This account operates no workers"],
    ["/delegation", "Nothing delegated yet"],
    ["/farm", "You own no pool yet"],
  ])("%s says so, and what to do", async (path, text) => {
    await seen.go(path);
    await seen.page.getByText(text).waitFor({ timeout: 60_000 });
  });
});
