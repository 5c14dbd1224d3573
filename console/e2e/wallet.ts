// A wallet as browsers' extensions are: it appears in the page, shows accounts, and signs what it is asked to. The keys stay in the test.
import { fromHex, toHex } from "@polkadot-api/utils";
import { blake2b256 } from "@polkadot-labs/hdkd-helpers";
import type { Page } from "playwright-core";
import type { SignerPayloadJSON } from "polkadot-api/pjs-signer";
import type { Account } from "./keys";

export class Wallet {
  /** Whether its owner declines what is asked. */
  refuses = false;
  /** What it was asked to sign. */
  readonly asked: SignerPayloadJSON[] = [];

  constructor(readonly accounts: { name: string; account: Account }[]) {}

  /** Puts it into every page that is opened from now on. */
  async install(page: Page): Promise<void> {
    await page.exposeFunction("__walletSign", (payload: SignerPayloadJSON) => this.sign(payload));
    await page.exposeFunction("__walletAllows", () => !this.refuses);
    const accounts = this.accounts.map(({ name, account }) => ({ name, address: account.address, type: "sr25519" }));
    await page.addInitScript((accounts) => {
      const bridge = window as unknown as {
        __walletSign: (payload: unknown) => Promise<{ signature?: string; error?: string }>;
        __walletAllows: () => Promise<boolean>;
        injectedWeb3?: Record<string, unknown>;
      };
      bridge.injectedWeb3 = {
        "test-wallet": {
          version: "1.0.0",
          enable: async () => {
            if (!(await bridge.__walletAllows())) throw new Error("Rejected by the user");
            return {
              accounts: {
                get: async () => accounts,
                subscribe: (tell: (all: typeof accounts) => void) => {
                  tell(accounts);
                  return () => undefined;
                },
              },
              signer: {
                signPayload: async (payload: unknown) => {
                  const answer = await bridge.__walletSign(payload);
                  if (answer.error) throw new Error(answer.error);
                  return { id: 1, signature: answer.signature };
                },
                signRaw: async () => {
                  throw new Error("Cancelled");
                },
              },
            };
          },
        },
      };
    }, accounts);
  }

  private sign(payload: SignerPayloadJSON): { signature?: string; error?: string } {
    this.asked.push(payload);
    if (this.refuses) return { error: "Cancelled" };
    const account = this.accounts.find(({ account }) => account.address === payload.address)?.account;
    if (!account) return { error: "unknown account" };
    const message = signedBytes(payload);
    const signature = account.sign(message.length > 256 ? blake2b256(message) : message);
    // The first byte says that the signature is one of sr25519.
    return { signature: toHex(new Uint8Array([1, ...signature])) };
  }
}

/** What a wallet signs of a transaction of version 4, by the chain's transaction extensions in their order. */
function signedBytes(payload: SignerPayloadJSON): Uint8Array {
  const mode = payload.mode ?? 0;
  return join(
    fromHex(payload.method),
    fromHex(payload.era),
    compact(BigInt(payload.nonce)),
    compact(BigInt(payload.tip)),
    new Uint8Array([mode]),
    u32(Number(payload.specVersion)),
    u32(Number(payload.transactionVersion)),
    fromHex(payload.genesisHash),
    fromHex(payload.blockHash),
    payload.metadataHash ? join(new Uint8Array([1]), fromHex(payload.metadataHash)) : new Uint8Array([0]),
  );
}

const join = (...parts: Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]));

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** SCALE's compact form of a number. */
function compact(value: bigint): Uint8Array {
  if (value < 64n) return new Uint8Array([Number(value) << 2]);
  if (value < 16_384n) return u32((Number(value) << 2) | 1).slice(0, 2);
  if (value < 1_073_741_824n) return u32(Number(value) * 4 + 2);
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 255n));
  return new Uint8Array([((bytes.length - 4) << 2) | 3, ...bytes]);
}
