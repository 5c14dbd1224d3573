// Starts what the tests look at: a whole local network, one worker of a new owner, and the indexer, which serves the built console.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { IDLE_DELEGATOR, IDLE_OWNER, OPERATOR, OWNER, PURSES, REGISTRAR } from "./cast";
import { account } from "./keys";
import { connect, type Node, send, until } from "./node";
import { freePort, type Program, start } from "./processes";
import { serveConsole } from "./server";

export interface Site {
  /** The node's address. */
  node: string;
  /** Where the console is. */
  console: string;
  /** Public key of the new owner's worker. */
  worker: string;
  /** Number of the pool that nothing happens in. */
  idlePool: number;
  /** Folder of logs and screenshots. */
  output: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    site: Site;
  }
}

const PHA = 1_000_000_000_000n;

const programs = resolve(process.env.KHALA_PROGRAMS ?? "../target/debug");
const output = resolve("e2e/output");

export default async function setUp(project: TestProject) {
  if (process.env.KHALA_SITE) {
    // A site that was started before: for who writes a test and runs it again and again.
    project.provide("site", JSON.parse(readFileSync(process.env.KHALA_SITE, "utf8")) as Site);
    return;
  }
  if (!existsSync("dist/index.html")) throw new Error("there is no dist/: run npm run build first");
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "khala-console-"));
  const running: Program[] = [];
  const begin = (name: string, program: string, args: string[]) => {
    const path = join(programs, program);
    if (!existsSync(path)) throw new Error(`${path} is not there: build the workspace, or set KHALA_PROGRAMS`);
    const begun = start(name, path, args, output);
    running.push(begun);
    return begun;
  };
  const tearDown = async () => {
    for (const program of running.reverse()) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    const network = begin("network", "khala", ["network", "up", "--ephemeral", "--no-table", "--workers", "2"]);
    const node = await until(
      "the local network",
      240_000,
      async () => /RPC endpoint\s+(ws:\S+)/.exec(network.said())?.[1],
    );
    const data = /data and logs (\S+)/.exec(network.said())?.[1] ?? "";
    const chain = connect(node);
    try {
      await fund(chain);
      const [worker, idlePool, console] = await Promise.all([
        startWorker(chain, begin, folder, node, data),
        prepareChain(chain),
        serveConsole(begin, folder, node),
      ]);
      project.provide("site", { node, console, worker, idlePool, output });
    } finally {
      chain.client.destroy();
    }
  } catch (error) {
    await tearDown();
    throw error;
  }
  return tearDown;
}

/** Funds the accounts of the tests, and lets slow machines mine: a busy one measures scores far below the usual minimum. */
async function fund({ api }: Node) {
  const pay = (path: string, pha: bigint) =>
    api.tx.Balances.transfer_keep_alive({ dest: { type: "Id", value: account(path).address }, value: pha * PHA })
      .decodedCall;
  const mining = await api.query.Mining.Mining.getValue();
  const slow = api.tx.Mining.set_mining({ parameters: { ...mining, minimal_score: 1 } }).decodedCall;
  const calls = [...PURSES.map(([path, pha]) => pay(path, pha)), api.tx.Sudo.sudo({ call: slow }).decodedCall];
  await send(api.tx.Utility.batch_all({ calls }), account("//Alice"));
}

/** What stories find: a pool, a delegation and a vault that nothing happens to. Returns the pool's number. */
async function prepareChain({ api }: Node): Promise<number> {
  const vault = await api.query.Vault.NextVaultId.getValue();
  await Promise.all([
    send(
      api.tx.StakePool.create_pool({ commission: 100_000, max_commission: 300_000, cap: undefined }),
      account(IDLE_OWNER),
    ),
    send(api.tx.StakePool.delegate({ pool: 0, amount: 100n * PHA, min_shares: 0n }), account(IDLE_DELEGATOR)),
    // The local network signs for this account too, and may be faster.
    until("the operator's vault", 60_000, () =>
      send(
        api.tx.Utility.batch_all({
          calls: [
            api.tx.Vault.create_vault({
              fee: 50_000,
              max_fee: 200_000,
              commission_limit: 300_000,
              cap: 100_000n * PHA,
            }),
            api.tx.Vault.delegate({ vault, amount: 8_000n * PHA, min_shares: 0n }),
            api.tx.Vault.invest({ vault, pool: 0, amount: 4_000n * PHA, min_shares: 0n }),
            api.tx.Vault.invest({ vault, pool: 1, amount: 2_500n * PHA, min_shares: 0n }),
          ].map(({ decodedCall }) => decodedCall),
        }),
        account(OPERATOR),
      ).then(() => true),
    ),
  ]);
  const pools = await api.query.StakePool.Pools.getEntries();
  return pools.find(({ value }) => value.owner === account(IDLE_OWNER).address)?.keyArgs[0] ?? -1;
}

type Begin = (name: string, program: string, args: string[]) => Program;

/** A worker of the owner, with a relayer of its own; registered when this returns. */
async function startWorker({ api }: Node, begin: Begin, folder: string, node: string, data: string): Promise<string> {
  await send(api.tx.Registry.set_registrar({ registrar: account(REGISTRAR).address }), account(OWNER));
  const [pruntime, listen] = [await freePort(), await freePort()];
  begin("pruntime", "pruntime", [
    ...[
      "--data",
      join(folder, "pruntime"),
      "--listen",
      `127.0.0.1:${pruntime}`,
      "--tee",
      "software",
      "--tcb",
      "up-to-date",
    ],
    ...["--platform-seed", "console", "--memory-mib", "512"],
  ]);
  const key = join(folder, "registrar.key");
  writeFileSync(key, REGISTRAR, { mode: 0o600 });
  // The collateral service of the local network serves this worker's platform too.
  const collateral = /\[collateral\][\s\S]*?(?=\n\[(?!\[?collateral))/.exec(
    readFileSync(join(data, "relayer.toml"), "utf8"),
  )?.[0];
  const config = [
    `nodes = ["${node}"]`,
    `listen = "127.0.0.1:${listen}"`,
    collateral ?? "",
    `[registrar]\nkey_file = "${key}"`,
    `[[worker]]\nname = "console"\nendpoint = "http://127.0.0.1:${pruntime}"\noperator = "${account(OWNER).address}"`,
  ].join("\n");
  writeFileSync(join(folder, "relayer.toml"), config);
  begin("relayer", "relayer", ["--config", join(folder, "relayer.toml")]);
  const owner = account(OWNER).address;
  return await until("the registration of the new worker", 180_000, async () => {
    const workers = await api.query.Registry.Workers.getEntries({ at: "best" });
    return workers.find(({ value }) => value.info.operator === owner)?.keyArgs[0];
  });
}
