import { join } from "node:path";
import { until } from "./node";
import { freePort, type Program } from "./processes";

/** Lets the indexer serve the built console; returns its address when it has the first blocks. */
export async function serveConsole(
  begin: (name: string, program: string, args: string[]) => Program,
  folder: string,
  node: string,
): Promise<string> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  begin("indexer", "khala-indexer", [
    ...[
      "--node",
      node,
      "--public-node",
      node,
      "--listen",
      `127.0.0.1:${port}`,
      "--database",
      join(folder, "indexer.sqlite"),
    ],
    ...["--console", "dist", "--sample-secs", "10"],
  ]);
  await until("the indexer", 120_000, async () => {
    const answer = await fetch(`${address}/api/v1/status`);
    const status = (await answer.json()) as { indexedBlock?: number | null };
    return answer.ok && status.indexedBlock != null;
  });
  return address;
}
