// Keys that everybody knows, for tests alone. Nothing of this is in the console.
import { sr25519CreateDerive } from "@polkadot-labs/hdkd";
import { DEV_MINI_SECRET, ss58Address } from "@polkadot-labs/hdkd-helpers";
import { getPolkadotSigner } from "polkadot-api/signer";
import { SS58_PREFIX } from "@/lib/addresses";

const derive = sr25519CreateDerive(DEV_MINI_SECRET);

/** An account of the development phrase, such as `//Alice`. */
export function account(path: string) {
  const pair = derive(path);
  return {
    path,
    address: ss58Address(pair.publicKey, SS58_PREFIX),
    publicKey: pair.publicKey,
    sign: (bytes: Uint8Array) => pair.sign(bytes),
    signer: getPolkadotSigner(pair.publicKey, "Sr25519", (bytes) => pair.sign(bytes)),
  };
}

export type Account = ReturnType<typeof account>;
