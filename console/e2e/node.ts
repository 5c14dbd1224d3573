// The chain, asked by the tests themselves.
import { khala } from "@polkadot-api/descriptors";
import type { Transaction } from "polkadot-api";
import { createWsClient } from "polkadot-api/ws";
import { WebSocket } from "ws";
import type { Account } from "./keys";

export function connect(url: string) {
  const client = createWsClient(url, { websocketClass: WebSocket as unknown as typeof globalThis.WebSocket });
  return { client, api: client.getTypedApi(khala) };
}

export type Node = ReturnType<typeof connect>;

/** Sends a transaction and waits until it is in a finalised block; fails when the chain refuses it. */
export async function send(tx: Transaction, who: Account): Promise<void> {
  const done = await tx.signAndSubmit(who.signer);
  if (!done.ok)
    throw new Error(`the chain refused a transaction of ${who.path}: ${JSON.stringify(done.dispatchError)}`);
}

/** Waits for a condition, with a limit in milliseconds. */
export async function until<T>(what: string, limitMs: number, look: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what} did not come within ${limitMs / 1000} s${last ? `: ${last}` : ""}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
