import { AccountId } from "polkadot-api";
import type { Parsed } from "./amounts";

/** The network's number in addresses. */
export const SS58_PREFIX = 30;

const codec = AccountId(SS58_PREFIX);

/** Reads an address with any network's number, or 64 hexadecimal digits, as an address of this network. */
export function parseAddress(text: string): Parsed<string> {
  const clean = text.trim();
  if (clean === "") return { ok: false, problem: "Enter an address." };
  if (/^0x[0-9a-fA-F]{64}$/.test(clean)) return { ok: true, value: codec.dec(clean) };
  try {
    return { ok: true, value: codec.dec(codec.enc(clean)) };
  } catch {
    return { ok: false, problem: "This is not an address: a character is missing, or mistyped." };
  }
}

/** Whether two addresses name the same account, whatever their networks' numbers. */
export function isSameAccount(one: string, other: string): boolean {
  const [first, second] = [parseAddress(one), parseAddress(other)];
  return first.ok && second.ok && first.value === second.value;
}

/** Reads a worker's public key: 0x and 64 hexadecimal digits. */
export function parseWorkerKey(text: string): Parsed<string> {
  const clean = text.trim().toLowerCase();
  if (clean === "") return { ok: false, problem: "Enter the worker's public key." };
  if (!/^0x[0-9a-f]{64}$/.test(clean)) {
    return {
      ok: false,
      problem: "A public key is 0x and 64 hexadecimal digits; the relayer and the pRuntime show it.",
    };
  }
  return { ok: true, value: clean };
}

/** The ends of an address or a key. */
export function shortened(text: string, ends = 6): string {
  return text.length <= 2 * ends + 1 ? text : `${text.slice(0, ends)}…${text.slice(-ends)}`;
}
