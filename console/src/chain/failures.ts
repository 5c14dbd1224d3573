// Why a transaction did not do what it should, in words.
import { InvalidTxError } from "polkadot-api";
import { Problem } from "@/lib/problems";

interface Tagged {
  type: string;
  value?: unknown;
}

const isTagged = (value: unknown): value is Tagged =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** Failures that are not a pallet's own. */
const DISPATCH: Record<string, string> = {
  BadOrigin: "This account may not do this.",
  CannotLookup: "The address is unknown to the chain.",
  Exhausted: "The block was full. Try again.",
  Unavailable: "Something that this needs is not available now. Try again later.",
  Corruption: "The chain's state is damaged. Tell the network's operators.",
  RootNotAllowed: "Only the network's governance may do this.",
  ConsumerRemaining: "The account is still in use.",
  NoProviders: "The account does not exist yet: send it some PHA first.",
};
const TOKEN: Record<string, string> = {
  FundsUnavailable: "The account has not enough PHA.",
  OnlyProvider: "This would leave the account with less than 0.01 PHA, and it would cease to exist.",
  BelowMinimum: "The amount is below 0.01 PHA, the least that an account holds.",
  CannotCreate: "The receiving account cannot be created.",
  Frozen: "The account's coins are locked.",
  NotExpendable: "This would leave the account with less than 0.01 PHA, and it would cease to exist.",
};
const INVALID: Record<string, string> = {
  Payment: "The account cannot pay the fee. It needs some PHA.",
  Stale: "Another transaction of this account was faster. Try again.",
  Future: "A transaction of this account is missing before this one. Try again.",
  BadProof: "The signature does not fit. Check that the wallet signs for this network and this account.",
  AncientBirthBlock: "The transaction waited too long for its signature. Try again.",
  ExhaustsResources: "The transaction does not fit into the block. Try again.",
  BadSigner: "The wallet signed with another account.",
};

/** A dispatch error of the chain, as a sentence. The texts of pallets' errors are the chain's own, loaded when they are needed. */
export async function dispatchText(error: unknown): Promise<string> {
  if (!isTagged(error)) return "The chain refused it and did not say why.";
  if (error.type === "Module" && isTagged(error.value)) {
    const pallet = error.value;
    const name = isTagged(pallet.value) ? pallet.value.type : "";
    const { default: texts } = await import("./error-texts.json");
    const text = (texts as Record<string, Record<string, string>>)[pallet.type]?.[name];
    return text ?? "The chain refused it for a reason that this console does not know yet.";
  }
  if (error.type === "Token" && isTagged(error.value)) return TOKEN[error.value.type] ?? "The coins cannot be moved.";
  if (error.type === "Arithmetic") return "A number is too large or too small for the chain.";
  return DISPATCH[error.type] ?? "The chain refused it and did not say why.";
}

/** Whether the wallet's owner said no. */
function isRefusal(message: string): boolean {
  return /cancel|reject|denied|declin|refus/i.test(message);
}

/** What went wrong before a transaction was in a block. */
export function submitText(error: unknown): string {
  if (error instanceof Problem) return error.message;
  if (error instanceof InvalidTxError) {
    const inner: unknown = error.error;
    const kind = isTagged(inner) && isTagged(inner.value) ? inner.value.type : "";
    return INVALID[kind] ?? "The chain does not accept this transaction. Check the amounts and try again.";
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isRefusal(message)) return "You declined it in the wallet. Nothing was sent.";
  if (/disjoint|destroyed|not connected|websocket/i.test(message)) {
    return "The connection to the node was lost. Wait until it is back, and check your balance before you try again.";
  }
  return `It could not be sent: ${message || "the wallet did not say why"}.`;
}
